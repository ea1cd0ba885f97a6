"""A linear map inside a loop over time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.autograd import Function
from torch.nn import functional

from unspool.kernels.deferred_gradient import Accumulator, deferred
from unspool.kernels.precision import narrowed
from unspool.kernels.switch import fused


def linear_loop(
    plain: Callable[[Tensor], Tensor], weight: Tensor, bias: Tensor | None, steps: int, source: Tensor
) -> Callable[..., Tensor]:
    """`W x + b` for `steps` calls: from the parts of `[R, I]`, which are concatenated, to `[R, O]`.

    plain:  the same map in its plain form
    source: an input of the loop, which shows whether gradients are needed
    """
    if fused(source):
        return LinearLoop(weight, bias, steps)
    return lambda *parts: plain(torch.cat(parts, -1))


class LinearLoop:
    """The fused form: the gradients of W and b are computed once, after all calls."""

    def __init__(self, weight: Tensor, bias: Tensor | None, steps: int) -> None:
        self._inputs, self._step = Accumulator(steps), 0
        self._weight = deferred(narrowed(weight), self._inputs.weight_gradient)
        self._bias = None if bias is None else deferred(narrowed(bias), self._inputs.bias_gradient)

    def __call__(self, *parts: Tensor) -> Tensor:
        """One step."""
        step, self._step = self._step, self._step + 1
        result: Tensor = _Linear.apply(self._inputs, step, self._weight, self._bias, *parts)
        return result


class _Linear(Function):
    @staticmethod
    def forward(ctx: Any, inputs: Accumulator, t: int, weight: Tensor, bias: Tensor | None, *parts: Tensor) -> Tensor:
        ctx.save_for_backward(weight)
        ctx.inputs, ctx.t, ctx.widths = inputs, t, [part.shape[-1] for part in parts]
        return functional.linear(inputs.store(t, list(parts), weight.dtype), weight, bias)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        (weight,) = ctx.saved_tensors
        to_output = ctx.inputs.gradient_place(ctx.t, len(weight)).copy_(gradients[0])
        to_parts = (to_output @ weight).split(ctx.widths, -1)
        return None, None, None, None, *to_parts
