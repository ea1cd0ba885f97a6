"""Heads: the output projection, and the distribution of its results."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.nn import functional

from unspool.kernels.cross_entropy import cross_entropy
from unspool.kernels.precision import at_least_float
from unspool.nn.embedding import Embedding
from unspool.nn.parameters import bias, linear
from unspool.types import FIRST_EMITTED, Distribution, Memory, Step, SymbolHead


class TiedProjection(nn.Module):
    """`nn.Linear` whose weight is an embedding's table, without the symbols that are never generated.

    Press & Wolf 2017, arXiv:1608.05859; Inan et al. 2017, arXiv:1611.01462. Embeddings are too large for output
    weights, so the table is scaled, and each row starts with a length of about 1.
    """

    def __init__(self, embedding: Embedding, symbols: int) -> None:
        super().__init__()
        self.table, self.scale = embedding.table, embedding.size**-0.5 / embedding.std
        self.bias = bias(torch.zeros(symbols - FIRST_EMITTED))

    @property
    def weight(self) -> Tensor:
        """`[C, D]`, a row for each class."""
        weight: Tensor = self.table.weight[FIRST_EMITTED:][: len(self.bias)] * self.scale
        return weight

    def forward(self, x: Tensor) -> Tensor:
        """Logits `[..., C]` from `[..., D]`."""
        return functional.linear(x, self.weight, self.bias)

    if TYPE_CHECKING:
        __call__ = forward


class CategoricalHead(nn.Module):
    """A softmax over the symbols that can be generated: all except PAD and BOS.

    Losses and log-probabilities are in nats and computed in float32 for every precision of the network. If the head is
    `tied` to an embedding, the projection's weight is the embedding's table; an output of another width is first
    projected to the embedding's width.
    """

    distribution: Distribution | None = None

    def __init__(self, size: int, symbols: int, tied: Embedding | None = None) -> None:
        super().__init__()
        self.symbols = symbols
        self.narrow = linear(size, tied.size, bias=False) if tied and tied.size != size else nn.Identity()
        self.projection = TiedProjection(tied, symbols) if tied else linear(size, symbols - FIRST_EMITTED, "output")

    def loss(self, step: Step, targets: Tensor, memory: Memory, smoothing: float = 0.0) -> tuple[Tensor, Tensor]:
        """Cross-entropy of each target: with label smoothing (a share of its mass over all classes), and without."""
        classes = (targets - FIRST_EMITTED).clamp(min=0).flatten()
        x = self.narrow(step.output).flatten(0, -2)
        losses = cross_entropy(x, self.projection.weight, self.projection.bias, classes, smoothing)
        return losses[0].view(targets.shape), losses[1].view(targets.shape)

    def log_prob(self, step: Step, targets: Tensor, memory: Memory) -> Tensor:
        """Log-probability of each target; -inf for PAD and BOS."""
        logits = self._logits(step)
        return log_prob_of(logits, targets) - torch.logsumexp(logits, -1)

    def top_k(self, step: Step, k: int, memory: Memory) -> tuple[Tensor, Tensor]:
        """The k best symbols, best first, or all symbols if there are fewer."""
        logits = self._logits(step)
        best, classes = logits.topk(min(k, logits.shape[-1]), -1)
        return classes + FIRST_EMITTED, best - torch.logsumexp(logits, -1, keepdim=True)

    def log_probs(self, step: Step, memory: Memory) -> Tensor:
        """Log-probability of every class, `[R, C]`."""
        return torch.log_softmax(self._logits(step), -1)

    def choose(self, step: Step, memory: Memory, *, drawn: bool) -> Tensor:
        """See `choose_symbol`."""
        return choose_symbol(self, step, memory, drawn=drawn)

    def _logits(self, step: Step) -> Tensor:
        return at_least_float(self.projection(self.narrow(step.output)))


def choose_symbol(head: SymbolHead, step: Step, memory: Memory, *, drawn: bool) -> Tensor:
    """The next item of each row, `[R]`: the most probable one, or one drawn from the distribution."""
    if drawn:
        return torch.multinomial(head.log_probs(step, memory).exp(), 1).squeeze(1) + FIRST_EMITTED
    items, _ = head.top_k(step, 1, memory)
    return items.squeeze(1)


def log_prob_of(table: Tensor, items: Tensor) -> Tensor:
    """The values of items `[...]` in a table `[..., C]` of classes; -inf for an item without a class."""
    classes = items - FIRST_EMITTED
    known = (classes >= 0) & (classes < table.shape[-1])
    found = table.gather(-1, classes.where(known, 0).unsqueeze(-1)).squeeze(-1)
    return found.masked_fill(~known, -torch.inf)
