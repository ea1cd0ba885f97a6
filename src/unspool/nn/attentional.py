"""Attention on top of a decoder, and its state between two steps.

`h̃_t = tanh(W_c [c_t; h_t])`, the attentional state of Luong, Pham, Manning 2015, eq. 5. A step may depend on earlier
steps: a monotonic window needs the number of the step, coverage is the sum of earlier weights, and input feeding feeds
h̃ back. All of these are part of the state.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn

from unspool.kernels.linear_loop import linear_loop
from unspool.kernels.precision import at_least_float
from unspool.nn.attention import by_memory
from unspool.nn.dropout import Dropout
from unspool.nn.encoders import AttentionMemory
from unspool.nn.scores import AttentionScore
from unspool.nn.stacks import StackState
from unspool.nn.windows import Window


class AttentionState(NamedTuple):
    """The state of attention between two steps, `[R, ·]`; None for parts that are not needed.

    step:        `[R]` the number of steps so far
    coverage:    `[R, S]` the sum of the weights of the steps so far
    attentional: `[R, D]` the last h̃, with input feeding
    """

    step: Tensor | None = None
    coverage: Tensor | None = None
    attentional: Tensor | None = None

    def after(self, weights: Tensor, attentional: Tensor | None = None) -> AttentionState:
        """The state after one step with weights `[R, S]` and this h̃."""
        step = None if self.step is None else self.step + 1
        coverage = None if self.coverage is None else self.coverage + weights
        return AttentionState(step, coverage, None if self.attentional is None else attentional)


class DecoderState(NamedTuple):
    """The state of a decoder's layers, `[R, D]` each, and of its attention."""

    layers: StackState
    attention: AttentionState


def first_attention_state(
    memory: AttentionMemory, *, counts: bool = False, covers: bool = False, fed_back: int = 0
) -> AttentionState:
    """The state before the first step; fed_back: the width of h̃ at the decoder's input, 0 without input feeding."""
    rows, device = memory.mask.shape[0], memory.mask.device
    step = torch.zeros(rows, dtype=torch.long, device=device) if counts else None
    coverage = at_least_float(torch.zeros_like(memory.mask, dtype=memory.states.dtype)) if covers else None
    return AttentionState(step, coverage, memory.states.new_zeros(rows, fed_back) if fed_back else None)


class AttentionalLayer:
    """From a decoder's states to attentional states, over one memory and for one pass of `calls` calls."""

    def __init__(
        self,
        score: AttentionScore,
        window: Window,
        combine: nn.Linear,
        dropout: Dropout,
        memory: AttentionMemory,
        calls: int,
    ) -> None:
        self._visible = score.visible(memory.mask)
        self._attention = score.attention(memory.keys, memory.states, self._visible, calls)
        self._window, self._mask = window, memory.mask
        self._combine = linear_loop(combine, combine.weight, combine.bias, calls, memory.states)
        self._drop = dropout.for_loop()

    def step(self, hidden: Tensor, state: AttentionState) -> tuple[Tensor, Tensor, AttentionState]:
        """One step from states `[R, D]`: attentional states `[R, D]`, weights `[R, S]`, and the new state."""
        memories = self._mask.shape[0]
        step = None if state.step is None else state.step.view(memories, -1)
        coverage = None if state.coverage is None else by_memory(state.coverage, memories)
        attentional, weights = self._attend(by_memory(hidden, memories), step, coverage)
        attentional, weights = attentional.flatten(0, 1), weights.flatten(0, 1)
        return attentional, weights, state.after(weights, attentional)

    def unroll(self, hidden: Tensor, state: AttentionState) -> tuple[Tensor, Tensor, AttentionState]:
        """All steps from states `[B, T, D]`: at once, unless each depends on the coverage of the step before."""
        if state.coverage is None:
            step, final = None, state
            if state.step is not None:
                step = state.step.unsqueeze(1) + torch.arange(hidden.shape[1], device=hidden.device)
                final = AttentionState(state.step + hidden.shape[1])
            return *self._attend(hidden, step, None), final
        outputs = []
        for one in hidden.unbind(1):
            *output, state = self.step(one, state)
            outputs.append(output)
        attentional, weights = (torch.stack(parts, 1) for parts in zip(*outputs, strict=True))
        return attentional, weights, state

    def _attend(self, hidden: Tensor, step: Tensor | None, coverage: Tensor | None) -> tuple[Tensor, Tensor]:
        # A window lies by the source's length, also if the score cannot see all of the source.
        view = self._window(hidden, self._mask, step)
        if view is not None:
            view = view._replace(mask=view.mask & self._visible.unsqueeze(1))
        context, weights = self._attention(hidden, view, coverage)
        combined = self._combine(context.flatten(0, 1), hidden.flatten(0, 1)).view(*hidden.shape[:2], -1)
        return self._drop(torch.tanh(at_least_float(combined))), weights
