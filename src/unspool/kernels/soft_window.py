"""A soft window over vectors: the equations of one step, and a fused form for a loop over time.

Autograd would keep a dozen tensors `[B, K, S]` of each step, and make a gradient of the vectors at each. The fused form
keeps two, has the gradient of a step in closed form, and makes that of the vectors once, after the loop.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.autograd import Function

from unspool.kernels.deferred_gradient import deferred
from unspool.kernels.linear_loop import LinearLoop
from unspool.kernels.precision import at_least_float
from unspool.kernels.switch import fused

# Raw parameters beyond these would overflow, or move the window past any text in one step.
LEAST, MOST = -15.0, 8.0
# From h `[B, D]` and κ `[B, K]` to w `[B, E]`, the new κ, and φ `[B, P]`.
WindowStep = Callable[[Tensor, Tensor], tuple[Tensor, Tensor, Tensor]]


def window_step(raw: Tensor, place: Tensor, vectors: Tensor, positions: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """α, β and the steps of κ are `exp(raw)`; `φ(u) = Σ_k α_k exp(-β_k (κ_k - u)²)`; `w = Σ_u φ(u) c_u`.

    raw: `[R, 3K]`; place: `[R, K]`; vectors: `[B, P - 1, E]`; positions: u `[P]`. Row r reads vectors r // (R / B)
    """
    alpha, beta, steps = raw.clamp(LEAST, MOST).exp().unflatten(-1, (3, -1)).unbind(-2)
    place = place + steps
    distance = place.unsqueeze(-1) - positions
    weights = (alpha.unsqueeze(-2) @ torch.exp(-beta.unsqueeze(-1) * distance * distance)).squeeze(-2)
    seen = weights[:, :-1].view(vectors.shape[0], -1, vectors.shape[1])
    return (seen @ vectors).flatten(0, 1), place, weights


def window_loop(
    plain: WindowStep, weight: Tensor, bias: Tensor, steps: int, vectors: Tensor, positions: Tensor
) -> WindowStep:
    """The step, with the linear map from h to the raw parameters, for a loop with one row for each of the vectors.

    plain: the same in its plain form
    """
    return WindowLoop(weight, bias, steps, vectors, positions) if fused(vectors) else plain


class WindowLoop:
    """The fused form; everything is in the type of the vectors, with autocast, too."""

    def __init__(self, weight: Tensor, bias: Tensor, steps: int, vectors: Tensor, positions: Tensor) -> None:
        self._positions, self._step, self._records = positions, 0, _Records()
        self._vectors = deferred(vectors, self._records.vectors_gradient)
        with torch.autocast(vectors.device.type, enabled=False):
            self._linear = LinearLoop(weight, bias, steps)

    def __call__(self, hidden: Tensor, place: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """One step."""
        step, self._step = self._step, self._step + 1
        with torch.autocast(hidden.device.type, enabled=False):
            raw = self._linear(at_least_float(hidden))
            output: tuple[Tensor, Tensor, Tensor] = _WindowStep.apply(
                self._records, step, raw, place, self._vectors, self._positions
            )
        return output


class _Records:
    """φ and the gradient of w of the steps that gradients reach. It does not refer to the graph, which refers to it."""

    def __init__(self) -> None:
        self.seen: dict[int, Tensor] = {}
        self.reached: dict[int, Tensor] = {}

    def vectors_gradient(self) -> Tensor | None:
        """`Σ_t φ_t ⊗ g_t`, `[B, P - 1, E]`; None if no step was reached."""
        if not self.reached:
            return None
        seen = torch.stack([self.seen[t] for t in self.reached], -1)
        gradient = seen @ torch.stack([*self.reached.values()], 1)
        self.reached = {}
        return gradient


class _WindowStep(Function):
    @staticmethod
    def forward(
        ctx: Any, records: _Records, t: int, raw: Tensor, place: Tensor, vectors: Tensor, positions: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        factors = raw.clamp(LEAST, MOST).exp_()
        alpha, beta, steps = factors.chunk(3, -1)
        place = place + steps
        distance = place.unsqueeze(-1) - positions
        heights = (distance * distance).mul_(-beta.unsqueeze(-1)).exp_()
        weights = torch.bmm(alpha.unsqueeze(1), heights).squeeze(1)
        vector = torch.bmm(weights[:, :-1].unsqueeze(1), vectors).squeeze(1)
        records.seen[t] = weights[:, :-1]
        ctx.save_for_backward(raw, factors, distance, heights, vectors)
        ctx.records, ctx.t = records, t
        ctx.set_materialize_grads(False)
        return vector, place, weights

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor | None) -> tuple[Tensor | None, ...]:
        to_vector, to_place, to_weights = gradients
        raw, factors, distance, heights, vectors = ctx.saved_tensors
        alpha, beta, steps = factors.chunk(3, -1)
        reached = torch.zeros_like(heights[:, 0]) if to_weights is None else to_weights.clone()
        if to_vector is not None:
            reached[:, :-1] += torch.bmm(vectors, to_vector.unsqueeze(-1)).squeeze(-1)
            ctx.records.reached[ctx.t] = to_vector
        through = heights * reached.unsqueeze(1)
        along = through * distance
        slope = alpha * beta * along.sum(-1) * -2
        through_place = slope if to_place is None else to_place + slope
        spread = (along * distance).sum(-1)
        to_raw = torch.cat([alpha * through.sum(-1), -alpha * beta * spread, steps * through_place], -1)
        return None, None, to_raw * ((raw >= LEAST) & (raw <= MOST)), through_place, None, None
