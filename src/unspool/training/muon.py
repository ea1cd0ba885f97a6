"""Muon: a matrix is updated by its momentum, with all singular values set close to 1 (Jordan et al. 2024).

    M ← μ M + (1 - μ) G                                  G the gradient
    X = (1 - μ) G + μ M,  X ← X / ‖X‖                    Nesterov momentum
    X ← a X + (b X Xᵀ + c (X Xᵀ)²) X,  a few times       Newton-Schulz: about U Vᵀ of X = U S Vᵀ
    W ← (1 - η λ) W - 0.2 √max(rows, columns) η X

So directions with a weak gradient are learned as fast as those with a strong one. The last factor makes a step as large
as Adam's, so both can use one learning rate (Liu et al. 2025, arXiv:2502.16982, section 2.2). Muon is meant for
matrices inside the network. Embeddings, the output layer, vectors and biases are updated by AdamW. A layer's gates are
one matrix, but independent maps that are stored as one (a bridge's to h and c) are updated separately.

https://kellerjordan.github.io/posts/muon/. This is tested against PyTorch's `torch.optim.Muon`, which takes only
matrices, one at a time, and multiplies in bfloat16 also where that is slow.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

from unspool.kernels.precision import narrowed
from unspool.nn.parameters import mark_of
from unspool.training.team import Team

MOMENTUM = 0.95
# Five in the source. Three bring singular values above a fiftieth of ‖X‖ to between 0.7 and 1.2, and cost less.
STEPS = 3
# Jordan's coefficients: the largest slope at 0 for which values stay between about 0.7 and 1.2.
A, B, C = 3.4445, -4.7750, 2.0315
LEAST_NORM = 1e-7
# The usual root mean square of Adam's step at learning rate 1.
ADAM_STEP = 0.2


class Muon(torch.optim.AdamW):
    """AdamW, but matrices in groups with `orthogonal` are updated as above, with products in autocast's type."""

    def __init__(self, groups: list[dict[str, Any]], team: Team | None = None, **adam: Any) -> None:
        super().__init__(groups, **adam)
        self._team = team or Team(1)

    @torch.no_grad()
    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """One update. AdamW skips the matrices that have been updated, because their gradients are None."""
        for group in self.param_groups:
            matrices = [matrix for matrix in group["params"] if matrix.grad is not None] if group["orthogonal"] else []
            if matrices:
                torch._foreach_mul_(matrices, 1 - group["lr"] * group["weight_decay"])
                self._turn(matrices, group["lr"])
        return super().step(closure)

    def _turn(self, matrices: list[Tensor], rate: float) -> None:
        """The last line of the module's docstring, without the decay; gradients are removed."""
        by_shape = defaultdict[tuple[int, int], list[tuple[Tensor, Tensor]]](list)
        for matrix, direction in zip(matrices, self._directions(matrices), strict=True):
            matrix.grad = None
            maps = mark_of(matrix).maps
            for pair in zip(matrix.chunk(maps), direction.chunk(maps), strict=True):
                rows, columns = pair[0].shape
                by_shape[rows, columns].append(pair)
        # The most work first, so that the threads end at about the same time.
        shapes = sorted(by_shape, key=lambda shape: -len(by_shape[shape]) * min(shape) ** 2 * max(shape))
        stacks = [narrowed(torch.stack([direction for _, direction in by_shape[shape]])) for shape in shapes]
        for shape, turned in zip(shapes, self._team.map(orthogonal, stacks), strict=True):
            moved = [matrix for matrix, _ in by_shape[shape]]
            steps = turned.to(moved[0].dtype).unbind()
            torch._foreach_add_(moved, steps, alpha=-rate * ADAM_STEP * max(shape) ** 0.5)

    def _directions(self, matrices: list[Tensor]) -> Sequence[Tensor]:
        """X of the second line, before it is divided, after the momentum is updated by the gradient."""
        for matrix in matrices:
            if not self.state[matrix]:
                # AdamW expects a `step` in every state that it loads.
                self.state[matrix] |= {"step": torch.zeros(()), "momentum": torch.zeros_like(matrix)}
            self.state[matrix]["step"] += 1
        gradients = [matrix.grad for matrix in matrices if matrix.grad is not None]
        momenta = [self.state[matrix]["momentum"] for matrix in matrices]
        torch._foreach_lerp_(momenta, gradients, 1 - MOMENTUM)
        return torch._foreach_lerp(gradients, momenta, MOMENTUM)


@torch.no_grad()
def orthogonal(x: Tensor) -> Tensor:
    """Matrices with the singular vectors of x `[N, rows, columns]`, and singular values close to 1 if not almost 0."""
    if x.shape[1] > x.shape[2]:
        return orthogonal(x.mT).mT
    x = x / torch.linalg.vector_norm(x, dim=(1, 2), keepdim=True).clamp(min=LEAST_NORM)
    return _by_polynomial(x) if 2 * x.shape[2] > 3 * x.shape[1] else _by_iteration(x)


def _by_iteration(x: Tensor) -> Tensor:
    """The third line of the module's docstring: `12 m² n + 6 m³` operations for m rows and n columns."""
    for _ in range(STEPS):
        square = x @ x.mT
        x = torch.baddbmm(x, torch.baddbmm(square, square, square, beta=B, alpha=C), x, beta=A)
    return x


def _by_polynomial(x: Tensor) -> Tensor:
    """The same: each step multiplies X by a polynomial of X Xᵀ. `4 m² n + 18 m³` operations."""
    square = x @ x.mT
    whole = None
    for step in range(STEPS):
        # All are polynomials of one matrix, so they commute.
        polynomial = torch.baddbmm(square, square, square, beta=B, alpha=C)
        polynomial.diagonal(dim1=1, dim2=2).add_(A)
        whole = polynomial if whole is None else polynomial @ whole
        if step < STEPS - 1:
            square = polynomial @ square @ polynomial
    assert whole is not None
    return whole @ x
