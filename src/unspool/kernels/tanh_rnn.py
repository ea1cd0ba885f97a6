"""The plain recurrent layer `h = tanh(W x + b + U h + b')` (Elman 1990)."""

from __future__ import annotations

from functools import partial

import torch
from torch import Tensor

from unspool.kernels.library_rnn import OPTIONS, first_state
from unspool.kernels.precision import at_least_float
from unspool.kernels.ragged import last
from unspool.kernels.recurrence import RnnState, RnnWeights, run_layer, run_stepwise
from unspool.kernels.switch import is_plain


def tanh_step(projection: Tensor, state: RnnState, weights: RnnWeights) -> RnnState:
    """The equation of one step."""
    return (torch.tanh(at_least_float(projection + weights.recur(state[0]))),)


def tanh_rnn(
    x: Tensor, state: RnnState, mask: Tensor | None, weights: RnnWeights, *, backward: bool = False
) -> tuple[Tensor, RnnState]:
    """All steps of `[B, T, I]`, by PyTorch's kernel, but with autocast step by step; see `run_stepwise`.

    With autocast, the kernel would round tanh to bfloat16 (see `precision`), and it is a loop of the same operations.
    backward: read each row from its last real item to its first; each output has the position of its item
    """
    stepwise = is_plain() or torch.is_autocast_enabled(x.device.type)
    layer = partial(run_stepwise, tanh_step) if stepwise else _library
    return run_layer(layer, x, state, mask, weights, backward=backward)


def _library(x: Tensor, state: RnnState, mask: Tensor | None, weights: RnnWeights) -> tuple[Tensor, RnnState]:
    outputs, final = torch.rnn_tanh(x, first_state(state[0], x), weights, *OPTIONS)
    return outputs, (final.squeeze(0) if mask is None else last(outputs, mask, state[0]),)
