"""Symbols as vectors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from torch import Tensor, nn

from unspool.nn.dropout import Dropout
from unspool.types import PAD


class Embedding(nn.Module):
    """Ids `[...]` to vectors `[..., D]`, with dropout; padding is the zero vector and learns nothing.

    std: of the random start. Vectors as large as a recurrent layer's gates need them are learned from at once: with
        `std=size**-0.5`, right where a model scales them up itself, the first hundreds of updates only make them grow.
    """

    def __init__(self, symbols: int, size: int, dropout: float = 0.0, std: float = 1.0) -> None:
        super().__init__()
        self.size = size
        self.table = nn.Embedding(symbols, size, padding_idx=PAD)
        self.dropout = Dropout(dropout)
        nn.init.normal_(self.table.weight, std=std)
        nn.init.zeros_(self.table.weight.data[PAD])

    def forward(self, ids: Tensor) -> Tensor:
        """Look the ids up."""
        vectors: Tensor = self.dropout(self.table(ids))
        return vectors

    if TYPE_CHECKING:
        __call__ = forward
