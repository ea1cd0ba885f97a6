"""Heads: the output projection and the distribution behind it, in one place."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from unspool.types import FIRST_EMITTED, Memory, Step


class CategoricalHead(nn.Module):
    """A softmax over the symbols that can be written: all but PAD and BOS, which therefore get no share of anything.

    Losses and log-probabilities are in nats and computed in float32 whatever the precision of the network.
    """

    def __init__(self, size: int, symbols: int) -> None:
        super().__init__()
        self.projection = nn.Linear(size, symbols - FIRST_EMITTED)

    def loss(self, step: Step, targets: Tensor, memory: Memory, smoothing: float = 0.0) -> Tensor:
        """Cross-entropy of each target, `smoothing` of its mass spread evenly over what can be written."""
        logits = self._logits(step).flatten(0, -2)
        classes = (targets - FIRST_EMITTED).clamp(min=0).flatten()
        losses = functional.cross_entropy(logits, classes, reduction="none", label_smoothing=smoothing)
        return losses.view(targets.shape)

    def log_prob(self, step: Step, targets: Tensor, memory: Memory) -> Tensor:
        """Log-probability of each target."""
        return -self.loss(step, targets, memory)

    def top(self, step: Step, n: int, memory: Memory) -> tuple[Tensor, Tensor]:
        """The n best symbols, best first; fewer when there are not so many."""
        logits = self._logits(step)
        best, classes = logits.topk(min(n, logits.shape[-1]), -1)
        return classes + FIRST_EMITTED, best - torch.logsumexp(logits, -1, keepdim=True)

    def distribution(self, step: Step, memory: Memory) -> Tensor:
        """Log-probability of every class, `[R, C]`."""
        return torch.log_softmax(self._logits(step), -1)

    def _logits(self, step: Step) -> Tensor:
        logits: Tensor = self.projection(step.output)
        return logits.float()
