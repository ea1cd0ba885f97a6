"""An LSTM that moves a soft window over vectors, over all steps of a batch, in training (Graves 2013, section 5.1).

The layer's next input contains the window's vector, so there is a loop over time. As separate operations of PyTorch, a
step is thirty of them, forward and backward; here it is one product and one compiled pass over memory (`loops.cpp`).
The gradients of the weights and of the vectors are one product each over all steps.

Time is the first axis of tensors. This is tested against the equations of a step, `lstm_step` and `window_step`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.autograd import Function

from unspool.kernels.compiled import Kernel, kernel
from unspool.kernels.embedding_product import product, time_first
from unspool.kernels.fused_rnn import to_peephole
from unspool.kernels.precision import at_least_float, narrowed
from unspool.kernels.recurrence import RnnWeights
from unspool.kernels.switch import fused


class WindowStart(NamedTuple):
    """The state before the first step: h and c `[B, D]`, w `[B, E]` and κ `[B, K]`."""

    hidden: Tensor
    cell: Tensor
    vector: Tensor
    place: Tensor


class WindowSteps(NamedTuple):
    """All steps: h `[B, T, D]`, w `[B, T, E]`, κ `[B, T, K]` and φ `[B, T, S + 1]`, and the last c `[B, D]`."""

    hidden: Tensor
    vectors: Tensor
    places: Tensor
    weights: Tensor
    cell: Tensor


def fused_window_lstm(
    x: Tensor,
    start: WindowStart,
    weights: RnnWeights,
    window: tuple[Tensor, Tensor],
    vectors: Tensor,
    peepholes: Tensor | None = None,
) -> WindowSteps | None:
    """All steps of `[B, T, I]` over vectors `[B, S, E]`; None if the fused form cannot run.

    weights: the layer's; the last E columns of its input are those of w
    window:  weight `[3K, D]` and bias of the map from h to the window's raw parameters
    peepholes: `[3, D]`, see `fused_lstm`
    """
    plan = _plan(x, vectors, start)
    if plan is None:
        return None
    early, late = weights.input.split([x.shape[-1], vectors.shape[-1]], 1)
    projections = product(time_first(x), early, weights.input_bias + weights.hidden_bias)
    within = torch.cat([narrowed(late), narrowed(weights.hidden)], 1)
    first = [at_least_float(part).contiguous() for part in start]
    passed: tuple[Tensor, ...] = _WindowPass.apply(
        plan, projections, within, peepholes, *window, at_least_float(vectors).contiguous(), *first
    )
    hidden, seen, places, heights = (step.transpose(0, 1) for step in passed[:4])
    return WindowSteps(hidden, seen, places, heights, passed[4])


class _Plan(NamedTuple):
    """The kernels of a step and of its gradient."""

    step: Kernel
    step_back: Kernel


def _plan(x: Tensor, vectors: Tensor, start: WindowStart) -> _Plan | None:
    """None if no gradients are needed, there is nothing to do, or the kernels are not compiled."""
    if not fused(x, vectors, *start) or x.dtype == torch.float64 or not x.shape[1]:
        return None
    wide, products = [at_least_float(part) for part in (vectors, *start)], narrowed(x)
    step, step_back = (kernel(name, *wide, narrow=products) for name in ("lstm_window", "lstm_window_back"))
    return None if step is None or step_back is None else _Plan(step, step_back)


class _WindowPass(Function):
    @staticmethod
    def forward(
        ctx: Any,
        plan: _Plan,
        projections: Tensor,
        within: Tensor,
        peepholes: Tensor | None,
        weight: Tensor,
        bias: Tensor,
        vectors: Tensor,
        h: Tensor,
        c: Tensor,
        vector: Tensor,
        place: Tensor,
    ) -> tuple[Tensor, ...]:
        (steps, rows, _), size, (_, length, width), count = (
            projections.shape,
            h.shape[-1],
            vectors.shape,
            len(bias) // 3,
        )

        def places(states: int, columns: int) -> Tensor:
            return h.new_empty(states, rows, columns)

        cells, spots = places(steps + 1, size), places(steps + 1, count)
        cells[0], spots[0] = c, place
        seen = places(steps + 1, width + size).to(within.dtype)
        seen[0] = torch.cat([vector, h], -1)
        gates, tanh_c, hidden = places(steps, 4 * size), places(steps, size), places(steps, size)
        raw, weights, all_vectors = places(steps, 3 * count), places(steps, length + 1), places(steps, width)
        sizes = rows, size, count, length, width
        for t in range(steps):
            before = torch.addmm(projections[t], seen[t], within.t())
            moved = gates[t], tanh_c[t], hidden[t], cells[t + 1], raw[t], spots[t + 1], weights[t], all_vectors[t]
            plan.step(*sizes, peepholes, weight, bias, vectors, before, cells[t], spots[t], *moved, seen[t + 1])
        ctx.save_for_backward(
            within, weight, vectors, seen, gates, tanh_c, cells, hidden, raw, spots, weights, peepholes
        )
        ctx.plan, ctx.sizes = plan, sizes
        ctx.set_materialize_grads(False)
        return hidden, all_vectors, spots[1:], weights, cells[-1].clone()

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor | None) -> tuple[Tensor | None, ...]:
        within, weight, vectors, seen, gates, tanh_c, cells, hidden, raw, spots, weights, peepholes = ctx.saved_tensors
        rows, size, _, length, width = ctx.sizes
        steps = len(hidden)

        def given(gradient: Tensor | None, columns: int) -> Tensor:
            return hidden.new_zeros(steps, rows, columns) if gradient is None else gradient.contiguous()

        to_hidden, to_vectors = given(gradients[0], size), given(gradients[1], width)
        to_places, to_weights = gradients[2], None if gradients[3] is None else gradients[3].contiguous()
        carried_c = torch.zeros_like(cells[0]) if gradients[4] is None else gradients[4].contiguous().clone()
        carried_place, through = torch.zeros_like(spots[0]), torch.zeros_like(seen[0])
        to_before = gates.new_empty(gates.shape, dtype=within.dtype)
        to_raw, all_to_vector = torch.empty_like(raw), torch.empty_like(to_vectors)
        reached, all_to_h = torch.empty_like(weights[0]), torch.empty_like(hidden[0])
        for t in reversed(range(steps)):
            if to_places is not None:
                carried_place += to_places[t]
            asked = to_hidden[t], to_vectors[t], None if to_weights is None else to_weights[t], through
            known = gates[t], tanh_c[t], cells[t], raw[t], spots[t + 1]
            found = reached, all_to_h, all_to_vector[t], carried_c, carried_place, to_raw[t], to_before[t]
            ctx.plan.step_back(*ctx.sizes, peepholes, weight, vectors, *asked, *known, *found)
            through = to_before[t] @ within
        to_within = to_before.flatten(0, 1).t() @ seen[:-1].flatten(0, 1)
        to_weight = to_raw.flatten(0, 1).t() @ hidden.flatten(0, 1)
        to_text = weights[..., :length].permute(1, 2, 0) @ all_to_vector.transpose(0, 1)
        to_vector, to_h = at_least_float(through).split([width, size], -1)
        to_bias = to_raw.flatten(0, 1).sum(0)
        to_peepholes = None if peepholes is None else to_peephole(to_before, cells[:-1], cells[1:])
        to_window = to_peepholes, to_weight, to_bias, to_text
        return None, to_before, to_within, *to_window, to_h, carried_c, to_vector, carried_place
