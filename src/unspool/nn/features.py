"""Real values as vectors, where symbols would be looked up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from torch import Tensor, nn

from unspool.errors import Mistake
from unspool.nn.dropout import Dropouts
from unspool.nn.embedding import Embedding
from unspool.nn.parameters import linear
from unspool.types import Sizes


class Features(nn.Module):
    """`W x + b` of every item `[..., F]`, `[..., D]`, with dropout."""

    def __init__(self, features: int, size: int, drop: Dropouts) -> None:
        super().__init__()
        self.size = size
        self.linear = linear(features, size)
        self.dropout, self.embedding_dropout = drop

    def counterpart(self, symbols: int, *, tied: bool) -> Embedding:
        """What embeds the other side of a pair, as wide and with the same dropout."""
        if tied:
            raise Mistake("Real values have no embedding that could be tied.", "Leave model.tie_embeddings out.")
        return Embedding(symbols, self.size, self.embedding_dropout)

    def forward(self, values: Tensor) -> Tensor:
        """See the class."""
        vectors: Tensor = self.dropout(self.linear(values))
        return vectors

    if TYPE_CHECKING:
        __call__ = forward


def source_embedding(sizes: Sizes, size: int, drop: Dropouts, std: float = 1.0) -> Embedding | Features:
    """What makes vectors of a source: a table of symbols that starts with `std`, or a linear map of real values."""
    if sizes.features:
        return Features(sizes.features, size, drop)
    return Embedding(sizes.source, size, drop.embeddings, std)
