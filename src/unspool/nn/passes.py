"""A recurrent layer's whole pass over a batch, trained: the library's equations, in fewer and larger pieces.

Without attention in the recurrence the library has kernels. On a processor its LSTM wants padding flags among the
inputs, both directions the same way round and several copies; its GRU is a chain of small operations. With the
compiled gates of `loops.cpp` a step is one product and one pass over memory, a layer reads backwards where the items
stand, padding is passed over row by row, and the weight's gradient is one product over all steps.

Tensors are time first here. `Cell.unroll` by the library's kernel is what this is tested against.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.autograd import Function
from torch.nn import functional

from unspool.nn.compiled import Kernel, kernel
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
    read, read_back = _kernels("lstm", x, state)
    if read is None or read_back is None:
        return None
    drives = _drives(x, weights.input, weights.input_bias + weights.hidden_bias)
    h, c = (at_least_float(part).contiguous() for part in state)
    real = _real(mask, x)
    passed: tuple[Tensor, Tensor, Tensor] = _LSTMPass.apply(
        read, read_back, back, real, drives, narrowed(weights.hidden), h, c
    )
    outputs, h, c = passed
    return outputs.transpose(0, 1), (h, c)


def gru_pass(
    x: Tensor, state: tuple[Tensor, ...], mask: Tensor | None, weights: Weights, *, back: bool
) -> tuple[Tensor, tuple[Tensor, ...]] | None:
    """The same for a GRU that resets behind the product, whose state is `(h,)`."""
    read, read_back = _kernels("gru", x, state)
    if read is None or read_back is None:
        return None
    drives = _drives(x, weights.input, weights.input_bias)
    hidden, bias = narrowed(weights.hidden), narrowed(weights.hidden_bias)
    h = at_least_float(state[0]).contiguous()
    passed: tuple[Tensor, Tensor] = _GRUPass.apply(read, read_back, back, _real(mask, x), drives, hidden, bias, h)
    outputs, h = passed
    return outputs.transpose(0, 1), (h,)


def _kernels(name: str, x: Tensor, state: tuple[Tensor, ...]) -> tuple[Kernel | None, Kernel | None]:
    """Forward and back, where gradients are wanted."""
    if not torch.is_grad_enabled() or not x.is_floating_point() or x.dtype == torch.float64:
        return None, None
    wide, products = [at_least_float(part) for part in state], narrowed(x)
    return kernel(f"{name}_read", *wide, narrow=products), kernel(f"{name}_read_back", *wide, narrow=products)


def _drives(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    return functional.linear(narrowed(x).transpose(0, 1).contiguous(), weight, bias)


def _real(mask: Tensor | None, x: Tensor) -> Tensor:
    if mask is None:
        return torch.ones(x.shape[1], x.shape[0], dtype=torch.bool)
    return mask.t().contiguous()


def _places(steps: int, back: bool) -> Iterable[tuple[int, int, int]]:
    """Each step's time in the order of reading, and where among T + 1 states its old and its new one stand."""
    return ((t, t + 1, t) for t in reversed(range(steps))) if back else ((t, t, t + 1) for t in range(steps))


class _States:
    """`[T + 1, B, D]` states of a pass, wide and as products see them."""

    def __init__(self, first: Tensor, steps: int, back: bool, dtype: torch.dtype) -> None:
        self.wide = first.new_empty(steps + 1, *first.shape)
        self.seen = self.wide if dtype == first.dtype else self.wide.new_empty(self.wide.shape, dtype=dtype)
        start = steps if back else 0
        self.wide[start] = first
        self.seen[start] = first
        self.last = self.wide[0 if back else steps]
        early, late = slice(steps), slice(1, steps + 1)
        self.outputs: slice = early if back else late
        self.before: slice = late if back else early


class _LSTMPass(Function):
    @staticmethod
    def forward(
        ctx: Any,
        read: Kernel,
        read_back: Kernel,
        back: bool,
        real: Tensor,
        drives: Tensor,
        hidden: Tensor,
        h: Tensor,
        c: Tensor,
    ) -> tuple[Tensor, Tensor, Tensor]:
        steps = len(drives)
        states = _States(h, steps, back, drives.dtype)
        cells, gates = h.new_empty(states.wide.shape), h.new_empty(drives.shape)
        squashed = h.new_empty(steps, *h.shape)
        cells[steps if back else 0] = c
        for t, old, new in _places(steps, back):
            before = torch.addmm(drives[t], states.seen[old], hidden.t())
            fresh = states.wide[new], cells[new], states.seen[new]
            read(*h.shape, real[t], before, states.wide[old], cells[old], gates[t], squashed[t], *fresh)
        ctx.save_for_backward(real, hidden, states.seen, cells, gates, squashed)
        ctx.read_back, ctx.back, ctx.states = read_back, back, states.before
        return states.wide[states.outputs], states.last.clone(), cells[0 if back else steps].clone()

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        to_outputs, to_h, to_c = gradients
        real, hidden, seen, cells, gates, squashed = ctx.saved_tensors
        to_outputs, carried_h, carried_c = to_outputs.contiguous(), to_h.contiguous().clone(), to_c.contiguous().clone()
        to_drives = gates.new_empty(gates.shape, dtype=hidden.dtype)
        through = torch.zeros_like(to_h, dtype=hidden.dtype, memory_format=torch.contiguous_format)
        for t, old, _ in reversed(list(_places(len(gates), ctx.back))):
            known = real[t], to_outputs[t], through, gates[t], squashed[t], cells[old]
            ctx.read_back(*to_h.shape, *known, carried_h, carried_c, to_drives[t])
            through = to_drives[t] @ hidden
        to_hidden = to_drives.flatten(0, 1).t() @ seen[ctx.states].flatten(0, 1)
        return None, None, None, None, to_drives, to_hidden, carried_h + through, carried_c


class _GRUPass(Function):
    @staticmethod
    def forward(
        ctx: Any,
        read: Kernel,
        read_back: Kernel,
        back: bool,
        real: Tensor,
        drives: Tensor,
        hidden: Tensor,
        bias: Tensor,
        h: Tensor,
    ) -> tuple[Tensor, Tensor]:
        states = _States(h, len(drives), back, drives.dtype)
        recurrent, gates = torch.empty_like(drives), h.new_empty(drives.shape)
        for t, old, new in _places(len(drives), back):
            torch.addmm(bias, states.seen[old], hidden.t(), out=recurrent[t])
            fresh = states.wide[new], states.seen[new]
            read(*h.shape, real[t], drives[t], recurrent[t], states.wide[old], gates[t], *fresh)
        ctx.save_for_backward(real, hidden, states.wide, states.seen, gates, recurrent)
        ctx.read_back, ctx.back, ctx.states = read_back, back, states.before
        return states.wide[states.outputs], states.last.clone()

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        to_outputs, to_h = gradients
        real, hidden, wide, seen, gates, recurrent = ctx.saved_tensors
        to_outputs, carried = to_outputs.contiguous(), to_h.contiguous().clone()
        to_drives, to_recurrent = torch.empty_like(recurrent), torch.empty_like(recurrent)
        through = torch.zeros_like(to_h, dtype=hidden.dtype, memory_format=torch.contiguous_format)
        for t, old, _ in reversed(list(_places(len(gates), ctx.back))):
            known = real[t], to_outputs[t], through, gates[t], recurrent[t], wide[old]
            ctx.read_back(*to_h.shape, *known, carried, to_drives[t], to_recurrent[t])
            through = to_recurrent[t] @ hidden
        flat = to_recurrent.flatten(0, 1)
        to_hidden = flat.t() @ seen[ctx.states].flatten(0, 1)
        return None, None, None, None, to_drives, to_hidden, flat.sum(0), carried + through
