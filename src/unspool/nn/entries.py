"""Entries: how items become vectors `[..., D]` that layers can read, made from what a network must know of them.

Symbols are looked up in a table, real values go through a linear map. A model asks for an entry of a `Dimension` and
never for the kind of its data.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import torch
from torch import Tensor, nn

from unspool.errors import Mistake
from unspool.nn.dropout import Dropout, Dropouts
from unspool.nn.embedding import Embedding, FoldingEmbedding
from unspool.nn.parameters import linear
from unspool.types import BOS, CopyableSymbols, Dimension, Dimensions, Labels, Sentences, Symbols, Values


class ValueEntry(nn.Module):
    """`W x + b` of every item `[..., F]`, `[..., D]`, with dropout."""

    def __init__(self, features: int, size: int, dropout: Dropout) -> None:
        super().__init__()
        self.features, self.size = features, size
        self.linear = linear(features, size)
        self.dropout = dropout

    def first(self, rows: int, device: torch.device, symbol: int = BOS) -> Tensor:
        """What is fed before anything is written: zeros `[rows, F]`, the mean of the data; there are no symbols."""
        return torch.zeros(rows, self.features, device=device)

    def forward(self, values: Tensor) -> Tensor:
        """See the class."""
        vectors: Tensor = self.dropout(self.linear(values))
        return vectors

    if TYPE_CHECKING:
        __call__ = forward


Entry: TypeAlias = Embedding | ValueEntry


class EntryOptions(NamedTuple):
    """What the entries of both sides have in common: their width, dropout, and how tables of symbols start and learn.

    std, rate: see `Embedding`
    """

    size: int
    drop: Dropouts
    std: float = 1.0
    rate: float | None = None


def source_entry(dimension: Dimension, options: EntryOptions) -> Entry:
    """The entry of what is read."""
    return _ENTRIES[type(dimension)](dimension, options)


def target_entry(dimension: Dimension, options: EntryOptions, tied_to: Entry | None = None) -> Entry:
    """The entry of what is written and fed back: its own, or the source's where both are tied.

    One table for both sides needs one vocabulary (Press & Wolf 2017, section 3.1).
    """
    return _ENTRIES[type(dimension)](dimension, options) if tied_to is None else _shared(tied_to, dimension)


def fed_entry(dimensions: Dimensions, entry: Entry) -> Entry | FoldingEmbedding:
    """The target's entry as the decoder is fed through it: what was copied from beyond the vocabulary reads as UNK."""
    if isinstance(dimensions.source, CopyableSymbols):
        return FoldingEmbedding(table_of(entry))
    return entry


def table_of(entry: Entry) -> Embedding:
    """The entry, where it looks symbols up; otherwise a `Mistake`."""
    if isinstance(entry, Embedding):
        return entry
    what = "Real values have no embedding that could be tied."
    raise Mistake(what, "Leave model.tie_embeddings and model.tie_output out.")


def _shared(entry: Entry, dimension: Dimension) -> Embedding:
    table = table_of(entry)
    own, wanted = table.table.num_embeddings, getattr(dimension, "count", 0)
    if own != wanted:
        raise Mistake(
            f"Tied embeddings need one vocabulary, but the source has {own:,} symbols and the target {wanted:,}.",
            "Make one of both: --set data.shared_vocabulary=true, or leave model.tie_embeddings out.",
        )
    return table


def _table(dimension: Any, options: EntryOptions) -> Entry:
    return Embedding(dimension.count, options.size, options.drop.embeddings, options.std, options.rate)


def _linear(dimension: Any, options: EntryOptions) -> Entry:
    return ValueEntry(dimension.features, options.size, options.drop.states)


_ENTRIES: dict[type[Dimension], Callable[[Any, EntryOptions], Entry]] = {
    Symbols: _table,
    Sentences: _table,
    CopyableSymbols: _table,
    Labels: _table,
    Values: _linear,
}
