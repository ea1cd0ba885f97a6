"""A recurrent layer over a whole batch, in training: PyTorch's equations in fewer and larger operations.

On a CPU, PyTorch's LSTM needs padding flags in its inputs, reversed copies for the backward direction, and several
other copies; its GRU is a chain of small operations. With the compiled gates of `loops.cpp`, a step is one product and
one pass over memory. The backward direction needs no copies, padding is skipped row by row, and the weight's gradient
is one product over all steps.

Here time is the first axis of tensors. This is tested against `run_stepwise` and PyTorch's kernels.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.autograd import Function

from unspool.kernels.compiled import Kernel, kernel
from unspool.kernels.embedding_product import product, time_first
from unspool.kernels.precision import at_least_float, narrowed
from unspool.kernels.recurrence import RnnState, RnnWeights
from unspool.kernels.switch import fused


def fused_lstm(
    x: Tensor,
    state: RnnState,
    mask: Tensor | None,
    weights: RnnWeights,
    peepholes: Tensor | None = None,
    *,
    backward: bool,
) -> tuple[Tensor, RnnState] | None:
    """Outputs `[B, T, D]` for `[B, T, I]` and the final state `(h, c)`; None if the fused form cannot run.

    mask:      `[B, T]` True at real items; outputs at padding repeat the state before it
    peepholes: `[3, D]` of i, f and o, see `cells.PeepholeLSTMCell`
    backward:  read from the last item to the first; each output has the position of its item
    """
    plan = _plan("lstm", x, state, mask, backward)
    if plan is None:
        return None
    projections = product(time_first(x), weights.input, weights.input_bias + weights.hidden_bias)
    h, c = (at_least_float(part).contiguous() for part in state)
    passed: tuple[Tensor, Tensor, Tensor] = _LSTMPass.apply(
        plan, projections, narrowed(weights.hidden), peepholes, h, c
    )
    outputs, h, c = passed
    return outputs.transpose(0, 1), (h, c)


def fused_gru(
    x: Tensor, state: RnnState, mask: Tensor | None, weights: RnnWeights, *, backward: bool
) -> tuple[Tensor, RnnState] | None:
    """The same for a GRU with the reset gate after the product; its state is `(h,)`."""
    plan = _plan("gru", x, state, mask, backward)
    if plan is None:
        return None
    projections = product(time_first(x), weights.input, weights.input_bias)
    hidden, bias = narrowed(weights.hidden), narrowed(weights.hidden_bias)
    passed: tuple[Tensor, Tensor] = _GRUPass.apply(
        plan, projections, hidden, bias, at_least_float(state[0]).contiguous()
    )
    outputs, h = passed
    return outputs.transpose(0, 1), (h,)


class _Plan(NamedTuple):
    """The kernels of a step and of its gradient, the mask of real items `[T, B]`, and the direction."""

    step: Kernel
    step_back: Kernel
    real: Tensor
    backward: bool

    def places(self) -> list[tuple[int, int, int]]:
        """For each step in the order of reading: its time, and the indices of its old and new state of T + 1 states."""
        steps = range(len(self.real))
        return [(t, t + 1, t) for t in reversed(steps)] if self.backward else [(t, t, t + 1) for t in steps]


def _plan(name: str, x: Tensor, state: RnnState, mask: Tensor | None, backward: bool) -> _Plan | None:
    """None if no gradients are needed or the kernels are not compiled."""
    if not fused(x, *state) or x.dtype == torch.float64:
        return None
    wide, products = [at_least_float(part) for part in state], narrowed(x)
    step, step_back = (kernel(f"{name}_{part}", *wide, narrow=products) for part in ("read", "read_back"))
    if step is None or step_back is None:
        return None
    real = torch.ones(x.shape[1::-1], dtype=torch.bool) if mask is None else mask.t().contiguous()
    return _Plan(step, step_back, real, backward)


class _States:
    """States `[T + 1, B, D]` of a pass, in float32 at least and in the type of the products."""

    def __init__(self, first: Tensor, plan: _Plan, dtype: torch.dtype) -> None:
        steps = len(plan.real)
        self.wide = first.new_empty(steps + 1, *first.shape)
        self.seen = self.wide if dtype == first.dtype else self.wide.new_empty(self.wide.shape, dtype=dtype)
        start, end = (steps, 0) if plan.backward else (0, steps)
        self.wide[start] = first
        self.seen[start] = first
        self.last = self.wide[end]
        early, late = slice(steps), slice(1, steps + 1)
        self.outputs: slice = early if plan.backward else late
        self.before: slice = late if plan.backward else early


class _LSTMPass(Function):
    @staticmethod
    def forward(
        ctx: Any, plan: _Plan, projections: Tensor, hidden: Tensor, peepholes: Tensor | None, h: Tensor, c: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        states, cells = _States(h, plan, projections.dtype), _States(c, plan, c.dtype)
        gates, tanh_c = h.new_empty(projections.shape), h.new_empty(len(projections), *h.shape)
        for t, old, new in plan.places():
            before = torch.addmm(projections[t], states.seen[old], hidden.t())
            given = peepholes, plan.real[t], before, states.wide[old], cells.wide[old]
            fresh = states.wide[new], cells.wide[new], states.seen[new]
            plan.step(*h.shape, *given, gates[t], tanh_c[t], *fresh)
        ctx.save_for_backward(hidden, peepholes, states.seen, gates, tanh_c, cells.wide)
        ctx.plan, ctx.before, ctx.after = plan, states.before, states.outputs
        return states.wide[states.outputs], states.last.clone(), cells.last.clone()

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        hidden, peepholes, seen, *kept = ctx.saved_tensors
        to_projections = kept[0].new_empty(kept[0].shape, dtype=hidden.dtype)
        (to_h, to_c), through = _backpropagate(ctx.plan, gradients, hidden, kept, (to_projections,), (peepholes,))
        to_hidden = to_projections.flatten(0, 1).t() @ seen[ctx.before].flatten(0, 1)
        cells = kept[-1]
        to_peepholes = None if peepholes is None else to_peephole(to_projections, cells[ctx.before], cells[ctx.after])
        return None, to_projections, to_hidden, to_peepholes, to_h + through, to_c


def to_peephole(to_gates: Tensor, before: Tensor, after: Tensor) -> Tensor:
    """The gradient `[3, D]` of peepholes from those of the gates' inputs `[T, B, 4D]` and the cell states `[T, B, D]`.

    before, after: the states before and after each step, which i and f, and o, have read
    """
    to_i, to_f, _, to_o = at_least_float(to_gates).chunk(4, -1)
    read = ((to_i, before), (to_f, before), (to_o, after))
    return torch.stack([(gradient * cells).sum((0, 1)) for gradient, cells in read])


class _GRUPass(Function):
    @staticmethod
    def forward(
        ctx: Any, plan: _Plan, projections: Tensor, hidden: Tensor, bias: Tensor, h: Tensor
    ) -> tuple[Tensor, Tensor]:
        states = _States(h, plan, projections.dtype)
        recurrent, gates = torch.empty_like(projections), h.new_empty(projections.shape)
        for t, old, new in plan.places():
            torch.addmm(bias, states.seen[old], hidden.t(), out=recurrent[t])
            fresh = states.wide[new], states.seen[new]
            plan.step(*h.shape, plan.real[t], projections[t], recurrent[t], states.wide[old], gates[t], *fresh)
        ctx.save_for_backward(hidden, states.seen, gates, recurrent, states.wide)
        ctx.plan, ctx.before = plan, states.before
        return states.wide[states.outputs], states.last.clone()

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        hidden, seen, *kept = ctx.saved_tensors
        to_projections, to_recurrent = torch.empty_like(kept[1]), torch.empty_like(kept[1])
        (to_h,), through = _backpropagate(ctx.plan, gradients, hidden, kept, (to_projections, to_recurrent))
        flat = to_recurrent.flatten(0, 1)
        return None, to_projections, flat.t() @ seen[ctx.before].flatten(0, 1), flat.sum(0), to_h + through


def _backpropagate(
    plan: _Plan,
    gradients: Sequence[Tensor],
    hidden: Tensor,
    kept: Sequence[Tensor],
    places: Sequence[Tensor],
    weights: Sequence[Tensor | None] = (),
) -> tuple[list[Tensor], Tensor]:
    """The gradient of the first state: directly, and `[B, D]` through the product with `hidden`.

    gradients: those of the outputs, then of each part of the final state
    kept:      two stored tensors `[T, B, ·]` of all steps, and the T + 1 states
    places:    tensors for each step's gradients, those of the product with `hidden` last
    weights:   those that the step's kernel takes
    """
    to_outputs, carried = gradients[0].contiguous(), [part.contiguous().clone() for part in gradients[1:]]
    through = torch.zeros_like(carried[0], dtype=hidden.dtype)
    gates, other, states = kept
    for t, old, _ in reversed(plan.places()):
        known = plan.real[t], to_outputs[t], through, gates[t], other[t], states[old]
        plan.step_back(*through.shape, *weights, *known, *carried, *[place[t] for place in places])
        through = places[-1][t] @ hidden
    return carried, through
