"""Attention inside a recurrence: before a layer moves on, it looks at the source from where it stands.

    c_i = Σ_j softmax_j score(s_{i-1}, h_j) h_j      the context
    s_i = f(s_{i-1}, x_i, c_i)                       x and c drive the layer together

As in Bahdanau, Cho, Bengio 2014 and in the bottom layer of GNMT. What x contributes is computed before the loop.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from unspool.nn.attention import by_memory
from unspool.nn.attentional import Gaze
from unspool.nn.cells import Cell, CellState
from unspool.nn.encoders import AttentionMemory
from unspool.nn.looped_attention import looking
from unspool.nn.looped_cells import looped
from unspool.nn.scores import Score


class Course(NamedTuple):
    """What a layer went through.

    hidden, contexts, weights: of all steps, `[R, T, D]`, `[R, T, C]` and `[R, T, S]`
    state, gaze:               behind the last one
    """

    hidden: Tensor
    contexts: Tensor
    weights: Tensor
    state: CellState
    gaze: Gaze


def attended(cell: Cell, score: Score, inputs: Tensor, state: CellState, gaze: Gaze, memory: AttentionMemory) -> Course:
    """All steps of a layer whose input is x `[R, T, I]` beside the contexts."""
    steps, memories = inputs.shape[1], memory.mask.shape[0]
    loop = looped(cell, steps, late=memory.states.shape[-1])
    look = looking(score, memory.keys, memory.states, memory.mask, steps)
    moved = []
    for drive in loop.drives(inputs):
        covered = None if gaze.coverage is None else by_memory(gaze.coverage, memories)
        context, weights = (part.flatten(0, 1) for part in look(by_memory(state[0], memories), coverage=covered))
        state, gaze = loop.step(drive, state, late=context), gaze.after(weights)
        moved.append((state[0], context, weights))
    hidden, contexts, attention = (torch.stack(parts, 1) for parts in zip(*moved, strict=True))
    return Course(hidden, contexts, attention, state, gaze)
