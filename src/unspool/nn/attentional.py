"""Attention on top of a decoder, and where it stands between two steps.

`h̃_t = tanh(W_c [c_t; h_t])`, the attentional state of Luong, Pham, Manning 2015, eq. 5. What attention said before can
matter to where it looks now: a window that moves on counts the steps, and coverage adds up the weights. Or it matters
to what is read next: h̃ is fed back. All of it is state.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn

from unspool.nn.attention import by_memory
from unspool.nn.dropout import Dropout
from unspool.nn.encoders import AttentionMemory
from unspool.nn.looped_attention import looking
from unspool.nn.looping import looped_linear
from unspool.nn.precision import at_least_float
from unspool.nn.scores import Score
from unspool.nn.stacks import StackState
from unspool.nn.windows import Window


class Gaze(NamedTuple):
    """Where attention stands, `[R, ·]`; None for what it need not know.

    step:        `[R]` steps so far
    coverage:    `[R, S]` the weights of the steps so far, added up
    attentional: `[R, D]` the last h̃, where it is fed back
    """

    step: Tensor | None = None
    coverage: Tensor | None = None
    attentional: Tensor | None = None

    def after(self, weights: Tensor, attentional: Tensor | None = None) -> Gaze:
        """Behind one step with weights `[R, S]` and what it said."""
        step = None if self.step is None else self.step + 1
        coverage = None if self.coverage is None else self.coverage + weights
        return Gaze(step, coverage, None if self.attentional is None else attentional)


class Attended(NamedTuple):
    """A decoder's layers, `[R, D]` each, and where its attention stands."""

    layers: StackState
    gaze: Gaze


def first_gaze(memory: AttentionMemory, *, counts: bool = False, covers: bool = False, fed_back: int = 0) -> Gaze:
    """Before any step; fed_back: the width of what is."""
    rows, device = memory.mask.shape[0], memory.mask.device
    step = torch.zeros(rows, dtype=torch.long, device=device) if counts else None
    coverage = at_least_float(torch.zeros_like(memory.mask, dtype=memory.states.dtype)) if covers else None
    return Gaze(step, coverage, memory.states.new_zeros(rows, fed_back) if fed_back else None)


class Attending:
    """A decoder's states to attentional states, over one memory and for one pass; `looks`: how often it is called."""

    def __init__(
        self, score: Score, window: Window, combine: nn.Linear, dropout: Dropout, memory: AttentionMemory, looks: int
    ) -> None:
        self._look = looking(score, memory.keys, memory.states, memory.mask, looks)
        self._window, self._mask = window, memory.mask
        self._combine, self._drop = looped_linear(combine, looks), dropout.held()

    def step(self, hidden: Tensor, gaze: Gaze) -> tuple[Tensor, Tensor, Gaze]:
        """One step of states `[R, D]`: attentional states `[R, D]`, weights `[R, S]`, and the gaze behind it."""
        memories = self._mask.shape[0]
        step = None if gaze.step is None else gaze.step.view(memories, -1)
        coverage = None if gaze.coverage is None else by_memory(gaze.coverage, memories)
        attentional, weights = self._attend(by_memory(hidden, memories), step, coverage)
        attentional, weights = attentional.flatten(0, 1), weights.flatten(0, 1)
        return attentional, weights, gaze.after(weights, attentional)

    def unroll(self, hidden: Tensor, gaze: Gaze) -> tuple[Tensor, Tensor, Gaze]:
        """All steps of states `[B, T, D]`: at once, unless one must wait for what the one before has covered."""
        if gaze.coverage is None:
            step, behind = None, gaze
            if gaze.step is not None:
                step = gaze.step.unsqueeze(1) + torch.arange(hidden.shape[1], device=hidden.device)
                behind = Gaze(gaze.step + hidden.shape[1])
            return *self._attend(hidden, step, None), behind
        said = []
        for one in hidden.unbind(1):
            *step_said, gaze = self.step(one, gaze)
            said.append(step_said)
        attentional, weights = (torch.stack(parts, 1) for parts in zip(*said, strict=True))
        return attentional, weights, gaze

    def _attend(self, hidden: Tensor, step: Tensor | None, coverage: Tensor | None) -> tuple[Tensor, Tensor]:
        context, weights = self._look(hidden, self._window(hidden, self._mask, step), coverage)
        combined = self._combine(context.flatten(0, 1), hidden.flatten(0, 1)).view(*hidden.shape[:2], -1)
        return self._drop(torch.tanh(combined)), weights
