"""A recurrent layer's whole pass over a batch, trained: the library's equations, in fewer and larger pieces.

Without attention in the recurrence the library has kernels. On a processor its LSTM wants padding flags among the
inputs, both directions the same way round and several copies; its GRU is a chain of small operations. With the
compiled gates of `loops.cpp` a step is one product and one pass over memory, a layer reads backwards where the items
stand, padding is passed over row by row, and the weight's gradient is one product over all steps.

Tensors are time first here. `Cell.unroll` by the library's kernel is what this is tested against.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.autograd import Function

from unspool.nn.compiled import Kernel, kernel
from unspool.nn.embedded import product, time_first
from unspool.nn.precision import at_least_float, narrowed


class Weights(NamedTuple):
    """Of a layer's input `[gates·D, I]` and recurrence `[gates·D, D]`, and their biases."""

    input: Tensor
    hidden: Tensor
    input_bias: Tensor
    hidden_bias: Tensor


def lstm_pass(
    x: Tensor, state: tuple[Tensor, ...], mask: Tensor | None, weights: Weights, *, back: bool
) -> tuple[Tensor, tuple[Tensor, ...]] | None:
    """Outputs `[B, T, D]` for `[B, T, I]` and the state `(h, c)` behind the last item; None where it is not compiled.

    mask: `[B, T]` True at real items; outputs at padding repeat the state before it
    back: read from the last item to the first; outputs stand where their items do
    """
    way = _way("lstm", x, state, mask, back)
    if way is None:
        return None
    drives = _drives(x, weights.input, weights.input_bias + weights.hidden_bias)
    h, c = (at_least_float(part).contiguous() for part in state)
    passed: tuple[Tensor, Tensor, Tensor] = _LSTMPass.apply(way, drives, narrowed(weights.hidden), h, c)
    outputs, h, c = passed
    return outputs.transpose(0, 1), (h, c)


def gru_pass(
    x: Tensor, state: tuple[Tensor, ...], mask: Tensor | None, weights: Weights, *, back: bool
) -> tuple[Tensor, tuple[Tensor, ...]] | None:
    """The same for a GRU that resets behind the product, whose state is `(h,)`."""
    way = _way("gru", x, state, mask, back)
    if way is None:
        return None
    drives = _drives(x, weights.input, weights.input_bias)
    hidden, bias = narrowed(weights.hidden), narrowed(weights.hidden_bias)
    h = at_least_float(state[0]).contiguous()
    passed: tuple[Tensor, Tensor] = _GRUPass.apply(way, drives, hidden, bias, h)
    outputs, h = passed
    return outputs.transpose(0, 1), (h,)


class _Way(NamedTuple):
    """How a layer is read: kernels of a step and its way back, which items are real `[T, B]`, which end is first."""

    read: Kernel
    read_back: Kernel
    real: Tensor
    back: bool

    def places(self) -> list[tuple[int, int, int]]:
        """Each step's time in the order of reading, and where among T + 1 states its old and its new one stand."""
        steps = range(len(self.real))
        return [(t, t + 1, t) for t in reversed(steps)] if self.back else [(t, t, t + 1) for t in steps]


def _way(name: str, x: Tensor, state: tuple[Tensor, ...], mask: Tensor | None, back: bool) -> _Way | None:
    """None where no gradients are wanted, or nothing is compiled."""
    if not torch.is_grad_enabled() or not x.is_floating_point() or x.dtype == torch.float64:
        return None
    wide, products = [at_least_float(part) for part in state], narrowed(x)
    read, read_back = (kernel(f"{name}_{step}", *wide, narrow=products) for step in ("read", "read_back"))
    if read is None or read_back is None:
        return None
    real = torch.ones(x.shape[1::-1], dtype=torch.bool) if mask is None else mask.t().contiguous()
    return _Way(read, read_back, real, back)


def _drives(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    return product(time_first(x), weight, bias)


class _States:
    """`[T + 1, B, D]` states of a pass, wide and as products see them."""

    def __init__(self, first: Tensor, way: _Way, dtype: torch.dtype) -> None:
        steps = len(way.real)
        self.wide = first.new_empty(steps + 1, *first.shape)
        self.seen = self.wide if dtype == first.dtype else self.wide.new_empty(self.wide.shape, dtype=dtype)
        start, end = (steps, 0) if way.back else (0, steps)
        self.wide[start] = first
        self.seen[start] = first
        self.last = self.wide[end]
        early, late = slice(steps), slice(1, steps + 1)
        self.outputs: slice = early if way.back else late
        self.before: slice = late if way.back else early


class _LSTMPass(Function):
    @staticmethod
    def forward(
        ctx: Any, way: _Way, drives: Tensor, hidden: Tensor, h: Tensor, c: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        states, cells = _States(h, way, drives.dtype), _States(c, way, c.dtype)
        gates, squashed = h.new_empty(drives.shape), h.new_empty(len(drives), *h.shape)
        for t, old, new in way.places():
            before = torch.addmm(drives[t], states.seen[old], hidden.t())
            fresh = states.wide[new], cells.wide[new], states.seen[new]
            way.read(*h.shape, way.real[t], before, states.wide[old], cells.wide[old], gates[t], squashed[t], *fresh)
        ctx.save_for_backward(hidden, states.seen, gates, squashed, cells.wide)
        ctx.way, ctx.before = way, states.before
        return states.wide[states.outputs], states.last.clone(), cells.last.clone()

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        hidden, seen, *noted = ctx.saved_tensors
        to_drives = noted[0].new_empty(noted[0].shape, dtype=hidden.dtype)
        (to_h, to_c), through = _read_back(ctx.way, gradients, hidden, noted, (to_drives,))
        to_hidden = to_drives.flatten(0, 1).t() @ seen[ctx.before].flatten(0, 1)
        return None, to_drives, to_hidden, to_h + through, to_c


class _GRUPass(Function):
    @staticmethod
    def forward(ctx: Any, way: _Way, drives: Tensor, hidden: Tensor, bias: Tensor, h: Tensor) -> tuple[Tensor, Tensor]:
        states = _States(h, way, drives.dtype)
        recurrent, gates = torch.empty_like(drives), h.new_empty(drives.shape)
        for t, old, new in way.places():
            torch.addmm(bias, states.seen[old], hidden.t(), out=recurrent[t])
            fresh = states.wide[new], states.seen[new]
            way.read(*h.shape, way.real[t], drives[t], recurrent[t], states.wide[old], gates[t], *fresh)
        ctx.save_for_backward(hidden, states.seen, gates, recurrent, states.wide)
        ctx.way, ctx.before = way, states.before
        return states.wide[states.outputs], states.last.clone()

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        hidden, seen, *noted = ctx.saved_tensors
        to_drives, to_recurrent = torch.empty_like(noted[1]), torch.empty_like(noted[1])
        (to_h,), through = _read_back(ctx.way, gradients, hidden, noted, (to_drives, to_recurrent))
        flat = to_recurrent.flatten(0, 1)
        return None, to_drives, flat.t() @ seen[ctx.before].flatten(0, 1), flat.sum(0), to_h + through


def _read_back(
    way: _Way, gradients: Sequence[Tensor], hidden: Tensor, noted: Sequence[Tensor], places: Sequence[Tensor]
) -> tuple[list[Tensor], Tensor]:
    """What the first state gets past the last product and, `[B, D]`, through it.

    gradients: of the outputs, then of each part of the final state
    noted:     two things `[T, B, ·]` of each step, and the T + 1 states
    places:    where each step's gradients go, those of the product with `hidden` last
    """
    to_outputs, carried = gradients[0].contiguous(), [part.contiguous().clone() for part in gradients[1:]]
    through = torch.zeros_like(carried[0], dtype=hidden.dtype)
    gates, other, states = noted
    for t, old, _ in reversed(way.places()):
        known = way.real[t], to_outputs[t], through, gates[t], other[t], states[old]
        way.read_back(*through.shape, *known, *carried, *[place[t] for place in places])
        through = places[-1][t] @ hidden
    return carried, through
