"""Output layer and cross-entropy in one pass, without a float32 copy of all logits.

A vocabulary of 8,000 symbols and a batch of 4,096 target symbols need 32 million logits. Autograd would store them in
the products' type, in float32, as log-probabilities, and also their gradient. Here they are stored once, in the
products' type, and the gradient replaces them in place. Only a few rows at a time are converted to float32.

The gradient of a logit is `p - t`, for a probability p and the target's share t. It is subtracted in float32 and only
then rounded: bfloat16 has no number between 0.996 and 1, so a rounded p near 1 would leave no gradient at all.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.autograd import Function
from torch.nn import functional

from unspool.kernels.precision import at_least_float
from unspool.kernels.switch import is_plain

# The number of logits that are converted to float32 at once; they fit into a CPU's cache.
AT_ONCE = 1 << 19


def cross_entropy(
    x: Tensor, weight: Tensor, bias: Tensor, classes: Tensor, smoothing: float = 0.0
) -> tuple[Tensor, Tensor]:
    """`-log softmax(W x + b)` at the classes `[N]` for x `[N, D]`: with smoothing, and without (no gradient), `[N]`.

    smoothing: the share of each target's mass that is spread evenly over all classes (Szegedy et al. 2016, section 7)
    Losses are float32 at least, also if the products are in another type.
    """
    if is_plain():
        return _plain(x, weight, bias, classes, smoothing)
    smoothed, nll = _CrossEntropy.apply(x, weight, bias, classes, smoothing)
    return smoothed, nll


def _plain(x: Tensor, weight: Tensor, bias: Tensor, classes: Tensor, smoothing: float) -> tuple[Tensor, Tensor]:
    logits = at_least_float(functional.linear(x, weight, bias))
    smoothed = functional.cross_entropy(logits, classes, reduction="none", label_smoothing=smoothing)
    return smoothed, functional.cross_entropy(logits.detach(), classes, reduction="none")


class _CrossEntropy(Function):
    @staticmethod
    def forward(
        ctx: Any, x: Tensor, weight: Tensor, bias: Tensor, classes: Tensor, smoothing: float
    ) -> tuple[Tensor, Tensor]:
        back = functional.linear(x, weight, bias)  # the logits, which the loop replaces by their gradients
        exact = torch.promote_types(back.dtype, torch.float32)
        nll = torch.empty(len(x), dtype=exact, device=x.device)
        mean = torch.zeros_like(nll)
        for rows, some, right in _portions(back, classes):
            logits = some.to(exact)
            total = torch.logsumexp(logits, -1)
            target = right.unsqueeze(1)
            nll[rows] = total - logits.gather(1, target).squeeze(1)
            if smoothing:
                mean[rows] = total - logits.mean(-1)
            gradient = (logits - total.unsqueeze(1)).exp_()
            if smoothing:
                gradient.sub_(smoothing / gradient.shape[-1])
            gradient.scatter_add_(1, target, gradient.new_full(target.shape, smoothing - 1))
            some.copy_(gradient)
        ctx.save_for_backward(x, weight)
        ctx.back = back
        smoothed = torch.lerp(nll, mean, smoothing) if smoothing else nll.clone()
        ctx.mark_non_differentiable(nll)
        return smoothed, nll

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        x, weight = ctx.saved_tensors
        back, ctx.back = ctx.back, None
        assert back is not None, "one backward pass uses the gradients up; plain_kernels() allows more"
        back.mul_(gradients[0].unsqueeze(1))
        # Under autocast, x and the weight have their own types, and the products convert them.
        to_x = (back @ weight.to(back.dtype)).to(x.dtype)
        to_weight = (back.t() @ x.to(back.dtype)).to(weight.dtype)
        return to_x, to_weight, back.sum(0, dtype=weight.dtype), None, None


def _portions(logits: Tensor, classes: Tensor) -> list[tuple[slice, Tensor, Tensor]]:
    """Slices of a few rows that fit into the cache."""
    count = max(1, AT_ONCE // logits.shape[-1])
    starts = range(0, len(logits), count)
    return [(slice(at, at + count), logits[at : at + count], classes[at : at + count]) for at in starts]
