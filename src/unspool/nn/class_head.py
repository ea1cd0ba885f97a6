"""A head over labels."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from unspool.kernels.cross_entropy import cross_entropy
from unspool.kernels.precision import at_least_float
from unspool.nn.heads import choose_symbol, log_prob_of
from unspool.nn.parameters import linear
from unspool.types import FIRST_EMITTED, FIRST_LABEL, Distribution, Memory, Step


class ClassHead(nn.Module):
    """A softmax over labels, without reserved symbols: an answer is never unknown, and it has no EOS.

    Losses and log-probabilities are in nats and computed in float32 for every precision of the network. A target must
    be a label; the loss at padding is undefined, and callers must ignore it.
    """

    distribution: Distribution | None = None

    def __init__(self, size: int, symbols: int) -> None:
        super().__init__()
        self.projection = linear(size, symbols - FIRST_LABEL, "output")

    def loss(self, step: Step, targets: Tensor, memory: Memory, smoothing: float = 0.0) -> tuple[Tensor, Tensor]:
        """Cross-entropy of each target: with label smoothing (a share of its mass over all labels), and without."""
        classes = (targets - FIRST_LABEL).clamp(min=0).flatten()
        weight, bias = self.projection.weight, self.projection.bias
        losses = cross_entropy(step.output.flatten(0, -2), weight, bias, classes, smoothing)
        return losses[0].view(targets.shape), losses[1].view(targets.shape)

    def log_prob(self, step: Step, targets: Tensor, memory: Memory) -> Tensor:
        """Log-probability of each target; -inf for reserved symbols."""
        return log_prob_of(self.log_probs(step, memory), targets)

    def top_k(self, step: Step, k: int, memory: Memory) -> tuple[Tensor, Tensor]:
        """The k best labels, best first, or all labels if there are fewer."""
        log_probs = self._log_probs(step)
        best, classes = log_probs.topk(min(k, log_probs.shape[-1]), -1)
        return classes + FIRST_LABEL, best

    def choose(self, step: Step, memory: Memory, *, drawn: bool) -> Tensor:
        """See `choose_symbol`."""
        return choose_symbol(self, step, memory, drawn=drawn)

    def log_probs(self, step: Step, memory: Memory) -> Tensor:
        """Log-probability of every class, `[R, C]`; -inf for UNK and EOS."""
        return functional.pad(self._log_probs(step), (FIRST_LABEL - FIRST_EMITTED, 0), value=-torch.inf)

    def _log_probs(self, step: Step) -> Tensor:
        logits: Tensor = self.projection(step.output)
        return torch.log_softmax(at_least_float(logits), -1)
