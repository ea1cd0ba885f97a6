"""Symbols as vectors, and the positions at which they stand."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from unspool.errors import Mistake
from unspool.kernels.embedding_product import embedded
from unspool.nn.dropout import Dropout
from unspool.nn.parameters import embedding_table
from unspool.types import PAD

# A start for texts of many words and few labels: a word that is seen twice keeps about the vector that it got by
# chance, and a large one would weigh as much as a word that was learned.
RARE = 0.1


class Embedding(nn.Module):
    """Ids `[...]` to vectors `[..., D]`, with dropout; padding is the zero vector and learns nothing.

    std: of the random start. Vectors as large as a recurrent layer's gates need them are learned from at once: with
        `std=size**-0.5`, right where a model scales them up itself, the first hundreds of updates only make them grow.
    rate: the share of the learning rate by which the table learns: √D unless given, and 1 where a model scales by √D.
        Adam moves every number by about the rate, so what layers see of a Transformer's table moves √D times as fast
        (Vaswani et al. 2017, section 3.4). At the bare rate words that are not frequent would keep their random vectors
        for thousands of updates (Yang & Hu 2021, arXiv:2011.14522: rates of embeddings should not fall as networks get
        wider).
    """

    def __init__(
        self, symbols: int, size: int, dropout: Dropout | None = None, std: float = 1.0, rate: float | None = None
    ) -> None:
        super().__init__()
        self.size, self.std, self.rate = size, std, float(size**0.5) if rate is None else rate
        self.table = embedding_table(symbols, size, padding=PAD, std=std, rate=self.rate)
        self.dropout = dropout or Dropout(0.0)

    def counterpart(self, symbols: int, *, tied: bool) -> Embedding:
        """The embedding of the other side of a pair, as wide and with the same dropout: its own, or this one itself.

        One table for both sides needs one vocabulary (Press & Wolf 2017, section 3.1).
        """
        own = self.table.num_embeddings
        if tied and own != symbols:
            raise Mistake(
                f"Tied embeddings need one vocabulary, but the source has {own:,} symbols and the target {symbols:,}.",
                "Make one of both: --set data.shared_vocabulary=true, or leave model.tie_embeddings out.",
            )
        return self if tied else Embedding(symbols, self.size, self.dropout, self.std, self.rate)

    def forward(self, ids: Tensor) -> Tensor:
        """Look the ids up."""
        vectors: Tensor = self.table(ids)
        return self.dropout(vectors) if self.dropout.drops else embedded(vectors, ids, self.table.weight)

    if TYPE_CHECKING:
        __call__ = forward


def embeddings_of(model: nn.Module) -> list[Embedding]:
    """The embeddings of the source and, last, of the target; one where both are the same."""
    return [part for part in model.modules() if isinstance(part, Embedding)]


def sinusoids(start: int, steps: int, size: int, like: Tensor) -> Tensor:
    """`PE(p, 2i) = sin(p / 10000^{2i/D})`, `PE(p, 2i+1) = cos(p / 10000^{2i/D})` (Vaswani et al. 2017, section 3.5).

    Positions `start`, `start + 1`, …, `[steps, D]` for an even D, on the device and of the type of `like`.
    Nothing is stored, so there is no longest sequence.
    """
    positions = torch.arange(start, start + steps, device=like.device, dtype=torch.float32)
    even = torch.arange(0, size, 2, device=like.device, dtype=torch.float32)
    angles = positions.unsqueeze(1) * torch.exp(even * (-math.log(10000.0) / size))
    return torch.stack([angles.sin(), angles.cos()], -1).flatten(1).to(like.dtype)


class PositionedEmbedding(nn.Module):
    """`√D · embedding + PE` with dropout on the sum (Vaswani et al. 2017, sections 3.4, 3.5 and 5.4).

    The embedding's `rate` should be 1: scaling does the same.
    """

    def __init__(self, embedding: Embedding, dropout: float) -> None:
        super().__init__()
        self.embedding, self.dropout = embedding, Dropout(dropout)

    def forward(self, ids: Tensor, start: int = 0) -> Tensor:
        """Ids `[B, T]`, the first of which stands at position `start`, to `[B, T, D]`."""
        x = self.embedding(ids) * math.sqrt(self.embedding.size)
        return self.dropout(x + sinusoids(start, ids.shape[1], self.embedding.size, x))

    if TYPE_CHECKING:
        __call__ = forward
