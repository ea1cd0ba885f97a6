"""Cells and linear maps inside a loop over time: stepped as ever, their weights' gradients made once.

Where attention stands inside the recurrence, training has to go step by step. Autograd then makes a gradient as large
as the weight at every step and adds them up: T small products, T fills, T sums. Here each step notes on a *tape* what
went into its product and what gradient came back, and behind the loop one product over the whole tape makes the
weight's gradient. Weights are brought to the precision of the products once, not at every step.

The parts have the interface of those that they stand for, so that a model's loop is written once; `Cell.step` and
`nn.Linear` are the readable reference that they are tested against.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Protocol

import torch
from torch import Tensor, nn
from torch.autograd import Function
from torch.nn import functional

from unspool.nn.cells import CellState
from unspool.nn.precision import narrowed


class SteppingCell(Protocol):
    """What a loop asks of a cell: `Cell` itself, or a cell prepared for a loop."""

    def drives(self, x: Tensor) -> Iterable[Tensor]:
        """The drives of all steps of `[B, T, I']`, made in one product."""
        ...

    def step(self, drive: Tensor | None, state: CellState, late: Tensor | None = None) -> CellState:
        """One step, `late` `[R, I'']` being the last columns of the input, known inside the recurrence only."""
        ...


class Tape:
    """What goes into a product and what comes back, step by step, each in one piece of memory.

    Steps that no gradient reaches count as zero.
    """

    def __init__(self, steps: int) -> None:
        self.steps = steps
        self.inputs = self.gradients = torch.empty(0)
        self._reached: set[int] = set()

    def put(self, t: int, parts: list[Tensor], dtype: torch.dtype) -> Tensor:
        """Note the input of step t, `[R, ·]` parts side by side; returned in the product's type."""
        if not t:
            rows, width = len(parts[0]), sum(part.shape[-1] for part in parts)
            self.inputs = parts[0].new_empty(self.steps, rows, width, dtype=dtype)
        place: Tensor = self.inputs[t]
        for part, columns in zip(parts, place.split([part.shape[-1] for part in parts], -1), strict=True):
            columns.copy_(part)
        return place

    def back(self, t: int, width: int) -> Tensor:
        """The place for what comes back to the output of step t, `[R, width]`, in the product's type; to be filled."""
        if not self._reached:
            self.gradients = self.inputs.new_empty(self.steps, self.inputs.shape[1], width)
        self._reached.add(t)
        place: Tensor = self.gradients[t]
        return place

    def all_gradients(self) -> Tensor | None:
        """`[T, R, ·]`, or None where no step was reached."""
        if not self._reached:
            return None
        for t in set(range(self.steps)) - self._reached:
            self.gradients[t].zero_()
            self.inputs[t].zero_()
        self._reached = set(range(self.steps))
        return self.gradients

    def to_weight(self) -> Tensor | None:
        """`Σ_t g_t ⊗ x_t`."""
        gradients = self.all_gradients()
        return None if gradients is None else gradients.flatten(0, 1).t() @ self.inputs.flatten(0, 1)

    def to_bias(self) -> Tensor | None:
        """`Σ_t g_t`, over the rows too."""
        gradients = self.all_gradients()
        return None if gradients is None else gradients.flatten(0, 1).sum(0)


class LoopedLinear:
    """`W x + b` for one pass over T steps: `[R, I]` to `[R, O]` at each call."""

    def __init__(self, linear: nn.Linear, steps: int) -> None:
        self._tape, self._step = Tape(steps), 0
        self._weight = gathered(narrowed(linear.weight), self._tape.to_weight)
        self._bias = None if linear.bias is None else gathered(narrowed(linear.bias), self._tape.to_bias)

    def __call__(self, *parts: Tensor) -> Tensor:
        """One step, of an input in parts that stand side by side."""
        step, self._step = self._step, self._step + 1
        result: Tensor = _Product.apply(self._tape, step, self._weight, self._bias, *parts)
        return result


def looped_linear(linear: nn.Linear, steps: int) -> Callable[..., Tensor]:
    """A linear map as a loop of so many steps should use it: prepared where gradients are wanted, else as it is."""
    if torch.is_grad_enabled():
        return LoopedLinear(linear, steps)
    return lambda *parts: linear(torch.cat(parts, -1))


def gathered(tensor: Tensor, gradient: Callable[[], Tensor | None]) -> Tensor:
    """The tensor, whose users return no gradient for it but note what one can be made of; `gradient` makes it.

    Autograd calls it when all users have had their turn.
    """
    result: Tensor = _Gathered.apply(tensor, gradient)
    return result


class _Gathered(Function):
    @staticmethod
    def forward(ctx: Any, tensor: Tensor, gradient: Callable[[], Tensor | None]) -> Tensor:
        ctx.set_materialize_grads(False)
        ctx.gradient = gradient
        return tensor.detach()

    @staticmethod
    def backward(ctx: Any, *nothing: None) -> tuple[Tensor | None, None]:
        return ctx.gradient(), None


class _Product(Function):
    @staticmethod
    def forward(ctx: Any, tape: Tape, t: int, weight: Tensor, bias: Tensor | None, *parts: Tensor) -> Tensor:
        ctx.save_for_backward(weight)
        ctx.tape, ctx.t, ctx.widths = tape, t, [part.shape[-1] for part in parts]
        return functional.linear(tape.put(t, list(parts), weight.dtype), weight, bias)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        (weight,) = ctx.saved_tensors
        back = ctx.tape.back(ctx.t, len(weight)).copy_(gradients[0])
        to_parts = (back @ weight).split(ctx.widths, -1)
        return None, None, None, None, *to_parts
