"""Deferred gradients: gradients of weights that a loop over time uses at every step, computed once after the loop.

Autograd computes a gradient as large as the weight at every step and adds them up: T small products, T fills, T sums.
Here each step stores the input of its product and the gradient of its output in an `Accumulator`. After the loop, one
product over all steps gives the weight's gradient. Weights are converted to the type of the products once, not at every
step.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.autograd import Function


class Accumulator:
    """The inputs of a product and the gradients of its outputs in all steps, each in one tensor.

    Steps that no gradient reaches count as zero. A second backward pass over a retained graph starts again.
    """

    def __init__(self, steps: int) -> None:
        self.steps = steps
        self.inputs = self.gradients = torch.empty(0)
        self._stored: set[int] = set()
        self._reached: set[int] = set()
        self._complete = False

    def store(self, t: int, parts: list[Tensor], dtype: torch.dtype) -> Tensor:
        """Store the input of step t, the concatenation of parts `[R, ·]`; returns it in the product's type."""
        if not t:
            rows, width = len(parts[0]), sum(part.shape[-1] for part in parts)
            self.inputs = parts[0].new_empty(self.steps, rows, width, dtype=dtype)
        self._stored.add(t)
        place: Tensor = self.inputs[t]
        for part, columns in zip(parts, place.split([part.shape[-1] for part in parts], -1), strict=True):
            columns.copy_(part)
        return place

    def gradient_place(self, t: int, width: int) -> Tensor:
        """The tensor for the gradient of step t's output, `[R, width]`, in the product's type."""
        if not self._reached or self._complete:
            self.gradients = self.inputs.new_empty(self.steps, self.inputs.shape[1], width)
            self._reached, self._complete = set(), False
        self._reached.add(t)
        place: Tensor = self.gradients[t]
        return place

    def all_gradients(self) -> Tensor | None:
        """The gradients `[T, R, ·]`, or None if no step was reached."""
        if not self._reached:
            return None
        if not self._complete:
            for t in set(range(self.steps)) - self._reached:
                self.gradients[t].zero_()
            for t in set(range(self.steps)) - self._stored:  # uninitialised memory may contain NaN
                self.inputs[t].zero_()
            self._complete = True
        return self.gradients

    def weight_gradient(self) -> Tensor | None:
        """`Σ_t g_t ⊗ x_t`."""
        gradients = self.all_gradients()
        return None if gradients is None else gradients.flatten(0, 1).t() @ self.inputs.flatten(0, 1)

    def bias_gradient(self) -> Tensor | None:
        """`Σ_t g_t`, over the rows too."""
        gradients = self.all_gradients()
        return None if gradients is None else gradients.flatten(0, 1).sum(0)


def deferred(tensor: Tensor, gradient: Callable[[], Tensor | None]) -> Tensor:
    """The tensor with a deferred gradient: its users return no gradient, but store what `gradient` needs.

    Autograd calls `gradient` after the backward passes of all users.
    """
    result: Tensor = _Deferred.apply(tensor, gradient)
    return result


class _Deferred(Function):
    @staticmethod
    def forward(ctx: Any, tensor: Tensor, gradient: Callable[[], Tensor | None]) -> Tensor:
        ctx.set_materialize_grads(False)
        ctx.gradient = gradient
        return tensor.detach()

    @staticmethod
    def backward(ctx: Any, *nothing: None) -> tuple[Tensor | None, None]:
        return ctx.gradient(), None
