"""The head of a network, chosen by its dimensions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from unspool.nn.class_head import ClassHead
from unspool.nn.copying import CopyingHead
from unspool.nn.entries import Entry, table_of
from unspool.nn.gaussian_head import GaussianHead
from unspool.nn.heads import CategoricalHead
from unspool.types import CopyableSymbols, Dimension, Dimensions, Labels, Symbols, Values

AnyHead: TypeAlias = CategoricalHead | CopyingHead | ClassHead | GaussianHead


def head_of(dimensions: Dimensions, size: int, tied_to: Entry | None = None) -> AnyHead:
    """A head over outputs `[..., size]`; if it is tied, its matrix is an entry's table.

    Symbols get a softmax, labels a softmax without reserved symbols, real values a Gaussian. If the source can be
    copied, the head also copies.
    """
    return _HEADS[type(dimensions.target)](dimensions, size, tied_to)


def _symbols(dimensions: Any, size: int, tied_to: Entry | None) -> AnyHead:
    head = CategoricalHead(size, dimensions.target.count, table_of(tied_to) if tied_to else None)
    return CopyingHead(head, size) if isinstance(dimensions.source, CopyableSymbols) else head


def _labels(dimensions: Any, size: int, tied_to: Entry | None) -> AnyHead:
    return ClassHead(size, dimensions.target.count)


def _values(dimensions: Any, size: int, tied_to: Entry | None) -> AnyHead:
    if tied_to:
        table_of(tied_to)
    return GaussianHead(size, dimensions.target.features)


_HEADS: dict[type[Dimension], Callable[[Any, int, Entry | None], AnyHead]] = {
    Symbols: _symbols,
    Labels: _labels,
    Values: _values,
}
