"""Muon: a matrix is updated by its momentum, with all singular values set close to 1 (Jordan et al. 2024).

    M ← μ M + (1 - μ) G                                  G the gradient
    X = (1 - μ) G + μ M,  X ← X / ‖X‖                    Nesterov momentum
    X ← a X + (b X Xᵀ + c (X Xᵀ)²) X,  a few times       Newton-Schulz: about U Vᵀ of X = U S Vᵀ
    W ← (1 - η λ) W - 0.2 √max(rows, columns) η X

So directions with a weak gradient are learned as fast as those with a strong one. The last factor makes a step as large
as Adam's, so both can use one learning rate (Liu et al. 2025, arXiv:2502.16982, section 2.2). Muon is meant for
matrices inside the network. Embeddings, the output layer, vectors and biases are updated by AdamW.

https://kellerjordan.github.io/posts/muon/. This is tested against PyTorch's `torch.optim.Muon`, which takes only
matrices, and multiplies in bfloat16 also where that is slow.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from unspool.kernels.precision import narrowed

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

    @torch.no_grad()
    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """One update. AdamW skips the matrices that have been updated, because their gradients are None."""
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
        """X of the module's docstring, after the momentum is updated by the gradient."""
        state = self.state[matrix]
        if not state:
            # AdamW expects a `step` in every state that it loads.
            state |= {"step": torch.zeros(()), "momentum": torch.zeros_like(matrix)}
        state["step"] += 1
        momentum = state["momentum"].lerp_(gradient, 1 - MOMENTUM)
        return orthogonal(narrowed(gradient.lerp(momentum, MOMENTUM)))


def orthogonal(x: Tensor) -> Tensor:
    """A matrix with the singular vectors of x, and singular values close to 1 unless those of x are almost 0."""
    if len(x) > len(x.t()):
        return orthogonal(x.t()).t()
    x = x / x.norm().clamp(min=LEAST_NORM)
    for _ in range(STEPS):
        square = x @ x.t()
        x = torch.addmm(x, torch.addmm(square, square, square, beta=B, alpha=C), x, beta=A)
    return x
