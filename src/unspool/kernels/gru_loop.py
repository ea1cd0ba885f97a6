"""A GRU for one pass through a loop over time: two products in each step, and few passes over memory.

A step stores its gates and the state's contribution to them; see `lstm_loop`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor
from torch.autograd import Function

from unspool.kernels.deferred_gradient import Accumulator, deferred
from unspool.kernels.embedding_product import product, time_first
from unspool.kernels.gates import gru_backward, gru_forward
from unspool.kernels.precision import at_least_float, narrowed
from unspool.kernels.recurrence import RnnState, RnnWeights


class GRULoop:
    """The fused form; it needs two products, because the reset gate multiplies only the contribution of h."""

    def __init__(self, weights: RnnWeights, steps: int, context_size: int) -> None:
        self._early, within = weights.input.split([weights.input.shape[1] - context_size, context_size], 1)
        self._bias = weights.input_bias
        self._contexts, self._states, self._step = Accumulator(steps), Accumulator(steps), 0
        self._within = deferred(narrowed(within), self._contexts.weight_gradient)
        self._alone = deferred(narrowed(weights.input_bias), self._contexts.bias_gradient)
        self._hidden = deferred(narrowed(weights.hidden), self._states.weight_gradient)
        self._hidden_bias = deferred(narrowed(weights.hidden_bias), self._states.bias_gradient)

    def input_projections(self, x: Tensor) -> Iterable[Tensor]:
        """See `RecurrentLoop`."""
        projections = product(time_first(x), self._early, self._bias)
        return deferred(narrowed(projections), self._contexts.all_gradients).unbind(0)

    def step(self, projection: Tensor | None, state: RnnState, context: Tensor | None = None) -> RnnState:
        """See `RecurrentLoop`."""
        step, self._step = self._step, self._step + 1
        projection = self._alone if projection is None else projection
        weights = self._within, self._hidden, self._hidden_bias
        accumulators = self._contexts, self._states
        return (_GRUStep.apply(*accumulators, step, projection, *weights, at_least_float(state[0]), context),)


class _GRUStep(Function):
    @staticmethod
    def forward(
        ctx: Any,
        contexts: Accumulator,
        states: Accumulator,
        t: int,
        projection: Tensor,
        within: Tensor,
        hidden: Tensor,
        hidden_bias: Tensor,
        h: Tensor,
        context: Tensor | None,
    ) -> Tensor:
        x = contexts.store(t, [h.new_empty(len(h), 0) if context is None else context], within.dtype)
        projected = torch.addmm(projection, x, within.t())
        recurrent = torch.addmm(hidden_bias, states.store(t, [h], hidden.dtype), hidden.t())
        gates, new = gru_forward(projected, recurrent, h)
        ctx.save_for_backward(gates, recurrent, h, within, hidden)
        ctx.accumulators, ctx.t, ctx.has_context = (contexts, states), t, context is not None
        return new

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        (to_h,) = gradients
        gates, recurrent, h, within, hidden = ctx.saved_tensors
        to_projected, to_recurrent = (each.gradient_place(ctx.t, len(hidden)) for each in ctx.accumulators)
        to_old = gru_backward(to_h, gates, recurrent, h, to_projected, to_recurrent)
        to_context = to_projected @ within if ctx.has_context else None
        return None, None, None, None, None, None, None, to_old + to_recurrent @ hidden, to_context
