"""Entries: the first layer of a network, from items to vectors `[..., D]`.

Symbols are looked up in a table, real values go through a linear map, points of ink are taken as they are. A model
creates an entry from a `Dimension` and does not depend on the kind of data.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import torch
from torch import Tensor, nn

from unspool.errors import Mistake
from unspool.nn.dropout import Dropout, Dropouts
from unspool.nn.embedding import Embedding, FoldingEmbedding
from unspool.nn.parameters import linear
from unspool.types import BOS, CopyableSymbols, Dimension, Dimensions, Ink, Labels, Sentences, Symbols, Values


class ValueEntry(nn.Module):
    """`W x + b` of every item, `[..., F]` to `[..., D]`, with dropout."""

    def __init__(self, features: int, size: int, dropout: Dropout) -> None:
        super().__init__()
        self.features, self.size = features, size
        self.linear = linear(features, size)
        self.dropout = dropout

    def first(self, rows: int, device: torch.device, symbol: int = BOS) -> Tensor:
        """The first input of a decoder: zeros `[rows, F]`, which is the mean of the data; `symbol` is not used."""
        return torch.zeros(rows, self.features, device=device)

    def forward(self, values: Tensor) -> Tensor:
        """See the class."""
        vectors: Tensor = self.dropout(self.linear(values))
        return vectors

    if TYPE_CHECKING:
        __call__ = forward


class PointEntry(nn.Module):
    """Points of ink as they are: a layer reads three numbers."""

    def __init__(self, features: int) -> None:
        super().__init__()
        self.features = self.size = features

    def first(self, rows: int, device: torch.device, symbol: int = BOS) -> Tensor:
        """The first input of a decoder: zeros `[rows, 3]`; `symbol` is not used."""
        return torch.zeros(rows, self.features, device=device)

    def forward(self, points: Tensor) -> Tensor:
        """The points. Kernels see by their input whether gradients are needed, and these have no table that says so."""
        return points.detach().requires_grad_() if torch.is_grad_enabled() else points

    if TYPE_CHECKING:
        __call__ = forward


Entry: TypeAlias = Embedding | ValueEntry | PointEntry


class EntryOptions(NamedTuple):
    """Options of the entries of both sides: width, dropout, and the start and learning rate of embedding tables.

    std, rate: see `Embedding`
    """

    size: int
    drop: Dropouts
    std: float = 1.0
    rate: float | None = None


def source_entry(dimension: Dimension, options: EntryOptions) -> Entry:
    """The entry of the source."""
    return _ENTRIES[type(dimension)](dimension, options)


def target_entry(dimension: Dimension, options: EntryOptions, tied_to: Entry | None = None) -> Entry:
    """The entry of the target: its own, or the source's if both are tied.

    One table for both sides needs one vocabulary (Press & Wolf 2017, section 3.1).
    """
    return _ENTRIES[type(dimension)](dimension, options) if tied_to is None else _shared(tied_to, dimension)


def fed_entry(dimensions: Dimensions, entry: Entry) -> Entry | FoldingEmbedding:
    """The target's entry for the decoder's inputs; copied symbols that are not in the vocabulary are read as UNK."""
    if isinstance(dimensions.source, CopyableSymbols):
        return FoldingEmbedding(table_of(entry))
    return entry


def table_of(entry: Entry) -> Embedding:
    """The entry if it is an embedding table; otherwise a `Mistake`."""
    if isinstance(entry, Embedding):
        return entry
    what = "Real values have no embedding that could be tied."
    raise Mistake(what, "Leave model.tie_embeddings and model.tie_output out.")


FirstItem: TypeAlias = Callable[[Tensor], Tensor]


def first_item(dimension: Dimension) -> FirstItem:
    """What a decoder without an entry is fed first, from lengths `[B]`: BOS `[B]`, or zeros `[B, F]` of real values."""
    return partial(_zeros, dimension.features) if isinstance(dimension, Values) else _bos


def _bos(lengths: Tensor) -> Tensor:
    return torch.full_like(lengths, BOS)


def _zeros(features: int, lengths: Tensor) -> Tensor:
    return torch.zeros(lengths.shape[0], features, device=lengths.device)


def _shared(entry: Entry, dimension: Dimension) -> Embedding:
    table = table_of(entry)
    own, wanted = table.table.num_embeddings, getattr(dimension, "count", 0)
    if own != wanted:
        raise Mistake(
            f"Tied embeddings need one vocabulary, but the source has {own:,} symbols and the target {wanted:,}.",
            "Share it: --set data.shared_vocabulary=true, or leave model.tie_embeddings out.",
        )
    return table


def _table(dimension: Any, options: EntryOptions) -> Entry:
    return Embedding(dimension.count, options.size, options.drop.embeddings, options.std, options.rate)


def _linear(dimension: Any, options: EntryOptions) -> Entry:
    return ValueEntry(dimension.features, options.size, options.drop.states)


def _points(dimension: Any, options: EntryOptions) -> Entry:
    return PointEntry(dimension.features)


_ENTRIES: dict[type[Dimension], Callable[[Any, EntryOptions], Entry]] = {
    Symbols: _table,
    Sentences: _table,
    CopyableSymbols: _table,
    Labels: _table,
    Values: _linear,
    Ink: _points,
}
