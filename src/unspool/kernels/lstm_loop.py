"""An LSTM for one pass through a loop over time: one product in each step, and few passes over memory.

Autograd would store every intermediate value of the gates. Here a step stores only its four gates and tanh(c). Products
run in autocast's type, everything else (`gates.py`) in float32 at least.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor
from torch.autograd import Function

from unspool.kernels.deferred_gradient import Accumulator, deferred
from unspool.kernels.embedding_product import product, time_first
from unspool.kernels.gates import lstm_backward, lstm_forward
from unspool.kernels.precision import at_least_float, narrowed
from unspool.kernels.recurrence import RnnState, RnnWeights


class LSTMLoop:
    """The fused form, with one product for the context and h, `[W'' U] [x''; h]`. See `RecurrentLoop`."""

    def __init__(self, weights: RnnWeights, steps: int, context_size: int) -> None:
        self._early, within = weights.input.split([weights.input.shape[1] - context_size, context_size], 1)
        self._bias = weights.input_bias + weights.hidden_bias
        self._inputs, self._step = Accumulator(steps), 0
        both = torch.cat([narrowed(within), narrowed(weights.hidden)], 1)
        self._within = deferred(both, self._inputs.weight_gradient)
        self._alone = deferred(narrowed(self._bias), self._inputs.bias_gradient)

    def input_projections(self, x: Tensor) -> Iterable[Tensor]:
        """See `RecurrentLoop`; they contain both biases."""
        # Time first, as in the accumulator, whose content then is the gradient of the projections.
        projections = product(time_first(x), self._early, self._bias)
        return deferred(narrowed(projections), self._inputs.all_gradients).unbind(0)

    def step(self, projection: Tensor | None, state: RnnState, context: Tensor | None = None) -> RnnState:
        """See `RecurrentLoop`."""
        step, self._step = self._step, self._step + 1
        projection = self._alone if projection is None else projection
        parts = (state[0],) if context is None else (context, state[0])
        h, c = _LSTMStep.apply(self._inputs, step, projection, self._within, at_least_float(state[1]), *parts)
        return h, c


class _LSTMStep(Function):
    @staticmethod
    def forward(
        ctx: Any, inputs: Accumulator, t: int, projection: Tensor, weight: Tensor, c: Tensor, *parts: Tensor
    ) -> tuple[Tensor, Tensor]:
        before = torch.addmm(projection, inputs.store(t, list(parts), weight.dtype), weight.t())
        gates, tanh_c, h, new = lstm_forward(before, c)
        ctx.save_for_backward(gates, tanh_c, c, weight)
        ctx.inputs, ctx.t, ctx.widths = inputs, t, [part.shape[-1] for part in parts]
        return h, new

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        to_h, to_c = gradients
        gates, tanh_c, c, weight = ctx.saved_tensors
        to_before = ctx.inputs.gradient_place(ctx.t, len(weight))
        to_old = lstm_backward(to_h, to_c, gates, tanh_c, c, to_before)
        to_parts = (to_before @ weight).split(ctx.widths, -1)
        return None, None, None, None, to_old, *to_parts
