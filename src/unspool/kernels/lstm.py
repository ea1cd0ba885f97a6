"""Long short-term memory with a forget gate (Gers et al. 2000): one step, all steps, and a loop with attention."""

from __future__ import annotations

from functools import partial

import torch
from torch import Tensor
from torch.nn import functional

from unspool.kernels.fused_rnn import fused_lstm
from unspool.kernels.library_rnn import OPTIONS, first_state
from unspool.kernels.lstm_loop import LSTMLoop
from unspool.kernels.precision import at_least_float
from unspool.kernels.ragged import last
from unspool.kernels.recurrence import (
    RecurrentLoop,
    RnnState,
    RnnWeights,
    StepEquations,
    StepwiseLoop,
    run_layer,
    run_stepwise,
)
from unspool.kernels.switch import fused, is_plain

# Large enough that a gate is exactly 0 or 1, in float32 and in bfloat16.
SATURATED = 1e4
# The size of PyTorch's matrix tiles; one column more than a multiple of it halves the speed.
TILE = 32


def lstm_step(projection: Tensor, state: RnnState, weights: RnnWeights) -> RnnState:
    """`c = f∘c + i∘g`, `h = o∘tanh(c)`, gates in the order i, f, g, o."""
    h, c = state
    i, f, g, o = at_least_float(projection + weights.recur(h)).chunk(4, -1)
    c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(c), c


def lstm(
    x: Tensor, state: RnnState, mask: Tensor | None, weights: RnnWeights, *, backward: bool = False
) -> tuple[Tensor, RnnState]:
    """All steps of `[B, T, I]`; see `run_stepwise`.

    Runs our compiled kernel if gradients are needed, otherwise PyTorch's.
    backward: read each row from its last real item to its first; each output has the position of its item
    """
    passed = fused_lstm(x, state, mask, weights, backward=backward)
    if passed is not None:
        return passed
    layer = partial(run_stepwise, lstm_step) if is_plain() else _library
    return run_layer(layer, x, state, mask, weights, backward=backward)


def peephole_step(projection: Tensor, state: RnnState, weights: RnnWeights, peepholes: Tensor) -> RnnState:
    """`lstm_step` with peepholes `[3, D]`: gates i and f read the old cell state, gate o the new one."""
    h, c = state
    i, f, g, o = at_least_float(projection + weights.recur(h)).chunk(4, -1)
    into_i, into_f, into_o = peepholes
    c_new = torch.sigmoid(f + into_f * c) * c + torch.sigmoid(i + into_i * c) * torch.tanh(g)
    return torch.sigmoid(o + into_o * c_new) * torch.tanh(c_new), c_new


def peephole_lstm(
    x: Tensor, state: RnnState, mask: Tensor | None, weights: RnnWeights, peepholes: Tensor, *, backward: bool = False
) -> tuple[Tensor, RnnState]:
    """`lstm` with peepholes; PyTorch has no kernel for it."""
    passed = fused_lstm(x, state, mask, weights, peepholes, backward=backward)
    if passed is not None:
        return passed
    layer = partial(run_stepwise, partial(_peephole_equations, peepholes))
    return run_layer(layer, x, state, mask, weights, backward=backward)


def _peephole_equations(peepholes: Tensor, projection: Tensor, state: RnnState, weights: RnnWeights) -> RnnState:
    return peephole_step(projection, state, weights, peepholes)


def lstm_loop(equations: StepEquations, inputs: Tensor, context_size: int, weights: RnnWeights) -> RecurrentLoop:
    """The layer for a loop of T steps; its inputs `[B, T, ·]` give T and show whether gradients are needed.

    equations:    the plain form of a step, `lstm_step`
    context_size: the number of columns of the layer's input that are computed inside the recurrence
    """
    if fused(inputs):
        return LSTMLoop(weights, inputs.shape[1], context_size)
    return StepwiseLoop(weights, equations)


def _library(x: Tensor, state: RnnState, mask: Tensor | None, weights: RnnWeights) -> tuple[Tensor, RnnState]:
    """PyTorch's kernel, on padded input.

    It returns c only after the last step, so padding must not change c. A padding flag in the input closes the input
    gate and opens the forget gate, to exactly 0 and 1, so c and its gradient stay the same.
    """
    flat: tuple[Tensor, ...] = weights
    if mask is not None:
        x, flat = _with_padding_flag(x, mask, weights)
    outputs, h, c = torch.lstm(x, [first_state(part, x) for part in state], flat, *OPTIONS)
    return outputs, (h.squeeze(0) if mask is None else last(outputs, mask, state[0]), c.squeeze(0))


def _with_padding_flag(x: Tensor, mask: Tensor, weights: RnnWeights) -> tuple[Tensor, tuple[Tensor, ...]]:
    """Input `[B, T, I + TILE]` and matching weights: one column is the flag, the others fill the tile."""
    flags = functional.pad((~mask).to(x.dtype).unsqueeze(-1), (0, TILE - 1))
    size = weights.hidden.shape[1]
    gates = weights.input.new_tensor([-SATURATED, SATURATED, 0.0, 0.0]).repeat_interleave(size)
    columns = functional.pad(gates.unsqueeze(1), (0, TILE - 1))
    return torch.cat([x, flags], -1), (torch.cat([weights.input, columns], 1), *weights[1:])
