"""Dropout whose masks are cheap on a processor."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn


class Dropout(nn.Module):
    """Zeroes elements at random and scales the others up, so that the expectation stays (Srivastava et al. 2014).

    A processor draws random numbers one after another, and PyTorch's own dropout spends one draw on each element. Here
    one draw of 64 bits decides eight elements, a byte each, so the probability is rounded to a multiple of 1/256.
    """

    def __init__(self, probability: float) -> None:
        super().__init__()
        self.threshold = min(round(probability * 256), 255)

    def forward(self, x: Tensor) -> Tensor:
        """Any shape; the identity outside training."""
        if not self.training or not self.threshold:
            return x
        draws = torch.empty(-(-x.numel() // 8), dtype=torch.int64, device=x.device).random_(-(2**63), None)
        kept = draws.view(torch.uint8)[: x.numel()].view(x.shape) >= self.threshold
        return x * (kept.to(x.dtype) * (256 / (256 - self.threshold)))

    if TYPE_CHECKING:
        __call__ = forward
