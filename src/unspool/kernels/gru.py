"""The gated recurrent unit with the reset gate after the product: one step, all steps, and a loop with attention."""

from __future__ import annotations

from functools import partial

import torch
from torch import Tensor

from unspool.kernels.fused_rnn import fused_gru
from unspool.kernels.gru_loop import GRULoop
from unspool.kernels.library_rnn import OPTIONS, first_state
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


def gru_step(projection: Tensor, state: RnnState, weights: RnnWeights) -> RnnState:
    """`n = tanh(W_n x + b + r∘(U_n h + b'))`, `h = (1 - z)∘n + z∘h`, gates in the order r, z, n."""
    (h,) = state
    input_r, input_z, input_n = at_least_float(projection).chunk(3, -1)
    r, z, n = at_least_float(weights.recur(h)).chunk(3, -1)
    n = torch.tanh(input_n + torch.sigmoid(input_r + r) * n)
    z = torch.sigmoid(input_z + z)
    return (n + z * (h - n),)


def gru(
    x: Tensor, state: RnnState, mask: Tensor | None, weights: RnnWeights, *, backward: bool = False
) -> tuple[Tensor, RnnState]:
    """All steps of `[B, T, I]`; see `run_stepwise`, and `lstm` for `backward` and the choice of the kernel."""
    passed = fused_gru(x, state, mask, weights, backward=backward)
    if passed is not None:
        return passed
    layer = partial(run_stepwise, gru_step) if is_plain() else _library
    return run_layer(layer, x, state, mask, weights, backward=backward)


def gru_loop(equations: StepEquations, inputs: Tensor, context_size: int, weights: RnnWeights) -> RecurrentLoop:
    """The layer for a loop of T steps; see `lstm_loop`."""
    if fused(inputs):
        return GRULoop(weights, inputs.shape[1], context_size)
    return StepwiseLoop(weights, equations)


def _library(x: Tensor, state: RnnState, mask: Tensor | None, weights: RnnWeights) -> tuple[Tensor, RnnState]:
    outputs, final = torch.gru(x, first_state(state[0], x), weights, *OPTIONS)
    return outputs, (final.squeeze(0) if mask is None else last(outputs, mask, state[0]),)
