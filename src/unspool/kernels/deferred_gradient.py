"""Gradients of weights that a loop over time uses at every step, made once after the loop.

Autograd makes a gradient as large as the weight at every step and adds them up: T small products, T fills, T sums.
Here each step stores in an `Accumulator` what went into its product and what gradient came back, and after the loop one
product over all steps makes the weight's gradient. Weights are narrowed to the precision of the products once, not at
every step.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.autograd import Function


class Accumulator:
    """The inputs of a product and the gradients of its outputs, step by step, each in one piece of memory.

    Steps that no gradient reaches count as zero. A second backward pass over a retained graph starts anew.
    """

    def __init__(self, steps: int) -> None:
        self.steps = steps
        self.inputs = self.gradients = torch.empty(0)
        self._stored: set[int] = set()
        self._reached: set[int] = set()
        self._complete = False

    def store(self, t: int, parts: list[Tensor], dtype: torch.dtype) -> Tensor:
        """Keep the input of step t, `[R, ·]` parts side by side; returned in the product's type."""
        if not t:
            rows, width = len(parts[0]), sum(part.shape[-1] for part in parts)
            self.inputs = parts[0].new_empty(self.steps, rows, width, dtype=dtype)
        self._stored.add(t)
        place: Tensor = self.inputs[t]
        for part, columns in zip(parts, place.split([part.shape[-1] for part in parts], -1), strict=True):
            columns.copy_(part)
        return place

    def gradient_place(self, t: int, width: int) -> Tensor:
        """Where the gradient of step t's output is to be written, `[R, width]`, in the product's type."""
        if not self._reached or self._complete:
            self.gradients = self.inputs.new_empty(self.steps, self.inputs.shape[1], width)
            self._reached, self._complete = set(), False
        self._reached.add(t)
        place: Tensor = self.gradients[t]
        return place

    def all_gradients(self) -> Tensor | None:
        """`[T, R, ·]`, or None where no step was reached."""
        if not self._reached:
            return None
        if not self._complete:
            for t in set(range(self.steps)) - self._reached:
                self.gradients[t].zero_()
            for t in set(range(self.steps)) - self._stored:  # what memory held before may not be a number
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
    """The tensor, whose users return no gradient for it but store what `gradient` makes one of.

    Autograd calls `gradient` when all users have run their backward pass.
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
