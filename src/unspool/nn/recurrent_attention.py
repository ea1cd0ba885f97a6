"""Attention inside a recurrence: before each step, a layer attends to the source with its last state as the query.

    c_i = Σ_j softmax_j score(s_{i-1}, h_j) h_j      the context
    s_i = f(s_{i-1}, x_i, c_i)                       x and c are the layer's input together

As in Bahdanau, Cho, Bengio 2014 and in the bottom layer of GNMT. The input projections of x are computed before the
loop.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from unspool.kernels.recurrence import RnnState
from unspool.nn.attention import by_memory
from unspool.nn.attentional import AttentionState
from unspool.nn.cells import Cell
from unspool.nn.encoders import AttentionMemory
from unspool.nn.scores import AttentionScore


class RnnOutput(NamedTuple):
    """All steps of a layer with attention.

    hidden, contexts, weights: those of all steps, `[R, T, D]`, `[R, T, C]` and `[R, T, S]`
    state, attention:          the states after the last step
    """

    hidden: Tensor
    contexts: Tensor
    weights: Tensor
    state: RnnState
    attention: AttentionState


def unroll_with_attention(
    cell: Cell,
    score: AttentionScore,
    inputs: Tensor,
    state: RnnState,
    attention: AttentionState,
    memory: AttentionMemory,
) -> RnnOutput:
    """All steps of a layer whose input is the concatenation of x `[R, T, I]` and the contexts."""
    steps, memories = inputs.shape[1], memory.mask.shape[0]
    loop = cell.loop(inputs, memory.states.shape[-1])
    attend = score.attention(memory.keys, memory.states, memory.mask, steps)
    outputs = []
    for projection in loop.input_projections(inputs):
        coverage = None if attention.coverage is None else by_memory(attention.coverage, memories)
        context, weights = (part.flatten(0, 1) for part in attend(by_memory(state[0], memories), coverage=coverage))
        state, attention = loop.step(projection, state, context), attention.after(weights)
        outputs.append((state[0], context, weights))
    hidden, contexts, all_weights = (torch.stack(parts, 1) for parts in zip(*outputs, strict=True))
    return RnnOutput(hidden, contexts, all_weights, state, attention)
