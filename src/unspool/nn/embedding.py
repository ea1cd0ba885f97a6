"""Embeddings of symbols and of positions."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from unspool.kernels.embedding_product import embedded
from unspool.nn.dropout import Dropout
from unspool.nn.parameters import embedding_table
from unspool.types import BOS, PAD, UNK

if TYPE_CHECKING:
    from unspool.nn.entries import Entry


class Embedding(nn.Module):
    """Ids `[...]` to vectors `[..., D]`, with dropout; padding is the zero vector and is not trained.

    std: the standard deviation of the random start. The default suits the gates of a recurrent layer. With
        `std=size**-0.5`, which suits a model that scales embeddings itself, the first hundreds of updates would only
        make the vectors larger.
    rate: the factor of the learning rate for the table: √D by default, and 1 if a model scales embeddings by √D. Adam
        changes every number by about the learning rate, so the scaled vectors of a Transformer change √D times as fast
        (Vaswani et al. 2017, section 3.4). With a factor of 1, words that are not frequent would keep their random
        vectors for thousands of updates (Yang & Hu 2021, arXiv:2011.14522: learning rates of embeddings should not fall
        as networks get wider).
    """

    def __init__(
        self, symbols: int, size: int, dropout: Dropout | None = None, std: float = 1.0, rate: float | None = None
    ) -> None:
        super().__init__()
        self.size, self.std, self.rate = size, std, float(size**0.5) if rate is None else rate
        self.table = embedding_table(symbols, size, padding=PAD, std=std, rate=self.rate)
        self.dropout = dropout or Dropout(0.0)

    def first(self, rows: int, device: torch.device, symbol: int = BOS) -> Tensor:
        """The first input of a decoder, `[rows]`."""
        return torch.full((rows,), symbol, device=device)

    def forward(self, ids: Tensor) -> Tensor:
        """Look the ids up."""
        vectors: Tensor = self.table(ids)
        return self.dropout(vectors) if self.dropout.drops else embedded(vectors, ids, self.table.weight)

    if TYPE_CHECKING:
        __call__ = forward


class FoldingEmbedding(nn.Module):
    """Embeds generated symbols: copied symbols that are not in the vocabulary are embedded as UNK."""

    def __init__(self, embedding: Embedding) -> None:
        super().__init__()
        self.embedding = embedding

    def first(self, rows: int, device: torch.device, symbol: int = BOS) -> Tensor:
        """See `Embedding`."""
        return self.embedding.first(rows, device, symbol)

    def forward(self, ids: Tensor) -> Tensor:
        """See `Embedding`."""
        return self.embedding(folded(ids, self.embedding.table.num_embeddings))

    if TYPE_CHECKING:
        __call__ = forward


def folded(ids: Tensor, symbols: int) -> Tensor:
    """Ids, with UNK for those that are not in the vocabulary."""
    return ids.masked_fill(ids >= symbols, UNK)


def embeddings_of(model: nn.Module) -> list[Embedding]:
    """The embeddings of the source and, last, of the target; only one if both are the same."""
    return [part for part in model.modules() if isinstance(part, Embedding)]


def sinusoids(start: int, steps: int, size: int, like: Tensor) -> Tensor:
    """`PE(p, 2i) = sin(p / 10000^{2i/D})`, `PE(p, 2i+1) = cos(p / 10000^{2i/D})` (Vaswani et al. 2017, section 3.5).

    Positions `start`, `start + 1`, …, `[steps, D]` for an even D, on the device and of the type of `like`.
    Nothing is stored, so there is no maximum length.
    """
    positions = torch.arange(start, start + steps, device=like.device, dtype=torch.float32)
    even = torch.arange(0, size, 2, device=like.device, dtype=torch.float32)
    angles = positions.unsqueeze(1) * torch.exp(even * (-math.log(10000.0) / size))
    return torch.stack([angles.sin(), angles.cos()], -1).flatten(1).to(like.dtype)


class PositionedEmbedding(nn.Module):
    """`√D · embedding + PE` with dropout on the sum (Vaswani et al. 2017, sections 3.4, 3.5 and 5.4).

    The embedding's `rate` should be 1, because the scaling by √D has the same effect.
    """

    def __init__(self, embedding: Entry, dropout: float) -> None:
        super().__init__()
        self.embedding, self.dropout = embedding, Dropout(dropout)

    def first(self, rows: int, device: torch.device) -> Tensor:
        """The first input of a decoder, `[rows]` or `[rows, F]`."""
        return self.embedding.first(rows, device)

    def forward(self, ids: Tensor, start: int = 0) -> Tensor:
        """Ids `[B, T]` at positions from `start` on, to `[B, T, D]`."""
        x = self.embedding(ids) * math.sqrt(self.embedding.size)
        return self.dropout(x + sinusoids(start, ids.shape[1], self.embedding.size, x))

    if TYPE_CHECKING:
        __call__ = forward
