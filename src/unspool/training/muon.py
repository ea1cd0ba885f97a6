"""Muon: a matrix moves by its momentum with every singular value brought near 1 (Jordan et al. 2024).

    M ← μ M + (1 - μ) G                                  G the gradient
    X = (1 - μ) G + μ M,  X ← X / ‖X‖                    Nesterov's look ahead
    X ← a X + (b X Xᵀ + c (X Xᵀ)²) X,  a few times       after Newton and Schulz: about U Vᵀ of X = U S Vᵀ
    W ← (1 - η λ) W - 0.2 √max(rows, columns) η X

So directions in which the gradient is weak are learned as fast as those in which it is strong. The last factor makes
a step as large as Adam's, and one rate serves both (Liu et al. 2025, arXiv:2502.16982, section 2.2). It is meant for
matrices inside the network; embeddings, the output layer, vectors and biases stay with AdamW.

https://kellerjordan.github.io/posts/muon/. PyTorch's `torch.optim.Muon` is the reference that this is tested against;
it takes matrices alone, and multiplies in bfloat16 where that is slow, too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from unspool.kernels.precision import narrowed

MOMENTUM = 0.95
# Five in the source. Three bring all that is above a fiftieth of ‖X‖ to between 0.7 and 1.2, and cost less.
STEPS = 3
# Jordan's: as steep at 0 as they can be while values stay between about 0.7 and 1.2.
A, B, C = 3.4445, -4.7750, 2.0315
LEAST_NORM = 1e-7
# The root mean square of Adam's step at rate 1, as it is usually found.
ADAM_STEP = 0.2


class Muon(torch.optim.AdamW):
    """AdamW, but matrices of groups that say `orthogonal` move as above, by products as narrow as autocast has them."""

    @torch.no_grad()
    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """One update. AdamW skips matrices that have moved: their gradients are gone."""
        for group in self.param_groups:
            for matrix in group["params"] if group["orthogonal"] else ():
                if matrix.grad is not None:
                    matrix.mul_(1 - group["lr"] * group["weight_decay"])
                    matrix.add_(
                        self._direction(matrix, matrix.grad), alpha=-group["lr"] * ADAM_STEP * max(matrix.shape) ** 0.5
                    )
                    matrix.grad = None
        return super().step(closure)

    def _direction(self, matrix: Tensor, gradient: Tensor) -> Tensor:
        """X of the module's text, after the momentum is updated by the gradient."""
        state = self.state[matrix]
        if not state:
            # AdamW asks every state that it loads for its step.
            state |= {"step": torch.zeros(()), "momentum": torch.zeros_like(matrix)}
        state["step"] += 1
        momentum = state["momentum"].lerp_(gradient, 1 - MOMENTUM)
        return orthogonal(narrowed(gradient.lerp(momentum, MOMENTUM)))


def orthogonal(x: Tensor) -> Tensor:
    """A matrix with the singular vectors of x whose singular values are near 1, unless they are almost 0."""
    if len(x) > len(x.t()):
        return orthogonal(x.t()).t()
    x = x / x.norm().clamp(min=LEAST_NORM)
    for _ in range(STEPS):
        square = x @ x.t()
        x = torch.addmm(x, torch.addmm(square, square, square, beta=B, alpha=C), x, beta=A)
    return x
