"""An exponential moving average of the weights, which is validated and saved (Polyak & Juditsky 1992)."""

from __future__ import annotations

import copy

import torch
from torch import nn
from torch.optim.swa_utils import get_ema_multi_avg_fn


class Average:
    """`mean = decay · mean + (1 - decay) · weights` after every update.

    The decay grows from 2/11 to its full value, so that the random initial weights soon have no influence. With decay 0
    the mean is the model itself.
    """

    def __init__(self, model: nn.Module, decay: float) -> None:
        self.decay = decay
        self.source = list(model.parameters())
        self.model = copy.deepcopy(model).requires_grad_(False) if decay else model
        self.mean = list(self.model.parameters())

    @torch.no_grad()
    def update(self, updates: int) -> None:
        """Update the mean with the weights after this many updates."""
        if self.decay:
            decay = min(self.decay, (1 + updates) / (10 + updates))
            get_ema_multi_avg_fn(decay)(self.mean, self.source, None)  # type: ignore[no-untyped-call]

    @torch.no_grad()
    def restart(self) -> None:
        """Set the mean to the current weights."""
        for mean, weights in zip(self.mean, self.source, strict=True):
            mean.copy_(weights)
