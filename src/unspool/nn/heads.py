"""Heads: the output projection and the distribution behind it, in one place."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from unspool.nn.cross_entropy import cross_entropy
from unspool.nn.precision import at_least_float
from unspool.types import FIRST_EMITTED, Memory, Step


class CategoricalHead(nn.Module):
    """A softmax over the symbols that can be written: all but PAD and BOS, which therefore get no share of anything.

    Losses and log-probabilities are in nats and computed in float32 whatever the precision of the network.
    """

    def __init__(self, size: int, symbols: int) -> None:
        super().__init__()
        self.projection = nn.Linear(size, symbols - FIRST_EMITTED)

    def loss(self, step: Step, targets: Tensor, memory: Memory, smoothing: float = 0.0) -> tuple[Tensor, Tensor]:
        """Cross-entropy of each target: `smoothing` of its mass spread over what can be written, and without."""
        classes = (targets - FIRST_EMITTED).clamp(min=0).flatten()
        weight, bias = self.projection.weight, self.projection.bias
        losses = cross_entropy(step.output.flatten(0, -2), weight, bias, classes, smoothing)
        return losses[0].view(targets.shape), losses[1].view(targets.shape)

    def log_prob(self, step: Step, targets: Tensor, memory: Memory) -> Tensor:
        """Log-probability of each target."""
        return -self.loss(step, targets, memory)[0]

    def top(self, step: Step, n: int, memory: Memory) -> tuple[Tensor, Tensor]:
        """The n best symbols, best first; fewer when there are not so many."""
        logits = self._logits(step)
        best, classes = logits.topk(min(n, logits.shape[-1]), -1)
        return classes + FIRST_EMITTED, best - torch.logsumexp(logits, -1, keepdim=True)

    def distribution(self, step: Step, memory: Memory) -> Tensor:
        """Log-probability of every class, `[R, C]`."""
        return torch.log_softmax(self._logits(step), -1)

    def _logits(self, step: Step) -> Tensor:
        return at_least_float(self.projection(step.output))
