"""Random sources of every kind, and random items to feed, for tracing and comparing models.

There is one small function for each type of `Dimension`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from unspool.fields.document import nest
from unspool.fields.padding import pad
from unspool.types import (
    UNK,
    Array,
    CopyableSymbols,
    Dimensions,
    Ink,
    Labels,
    Sentences,
    Sequences,
    Symbols,
    Values,
)

# The number of copyable symbols that are not in the target vocabulary.
BEYOND = 3


def example_source(
    dimensions: Dimensions, lengths: Iterable[int], draw: np.random.Generator, sentence: int = 3
) -> Sequences[Array]:
    """Random sources of these lengths; a document has sentences of `sentence` words, and a shorter last one."""
    return SOURCES[type(dimensions.source)](dimensions, list(lengths), draw, sentence)


def example_items(dimensions: Dimensions, count: int, draw: np.random.Generator) -> Array:
    """Random items to feed to a decoder, ids `[R]` (copied ones among them) or real values `[R, F]`."""
    if isinstance(dimensions.target, Values):
        return draw.normal(size=(count, dimensions.target.features)).astype(np.float32)
    if isinstance(dimensions.target, Ink):
        return _points(count, draw)
    beyond = BEYOND if isinstance(dimensions.source, CopyableSymbols) else 0
    return draw.integers(UNK, dimensions.target.count + beyond, count)


def _symbols(dimensions: Dimensions, lengths: list[int], draw: np.random.Generator, sentence: int) -> Sequences[Array]:
    assert not isinstance(dimensions.source, Values | Ink)
    return pad([draw.integers(UNK, dimensions.source.count, length) for length in lengths])


def _sentences(
    dimensions: Dimensions, lengths: list[int], draw: np.random.Generator, sentence: int
) -> Sequences[Array]:
    cuts = [np.diff([*range(0, length, sentence), length]) for length in lengths]
    return nest(_symbols(dimensions, lengths, draw, sentence), pad(cuts))


def _copyable(dimensions: Dimensions, lengths: list[int], draw: np.random.Generator, sentence: int) -> Sequences[Array]:
    """Ids of the target vocabulary and from V on; the latter are numbered without gaps."""
    assert not isinstance(dimensions.target, Values | Ink)
    source, count = _symbols(dimensions, lengths, draw, sentence), dimensions.target.count
    copies = []
    for length in lengths:
        ids = draw.integers(UNK, count + BEYOND, length)
        ids[ids >= count] = count + np.unique(ids[ids >= count], return_inverse=True)[1]
        copies.append(ids)
    return Sequences(source.values, source.lengths, copies=pad(copies).values)


def _values(dimensions: Dimensions, lengths: list[int], draw: np.random.Generator, sentence: int) -> Sequences[Array]:
    assert isinstance(dimensions.source, Values)
    return pad([draw.normal(size=(length, dimensions.source.features)).astype(np.float32) for length in lengths])


def _ink(dimensions: Dimensions, lengths: list[int], draw: np.random.Generator, sentence: int) -> Sequences[Array]:
    return pad([_points(length, draw) for length in lengths])


def _points(count: int, draw: np.random.Generator) -> Array:
    """Points of ink `[count, 3]`, without an end."""
    steps, lifted = draw.normal(size=(count, 2)), draw.integers(0, 2, (count, 1))
    return np.concatenate([steps, lifted], axis=1).astype(np.float32)


SOURCES: dict[type[Any], Callable[[Dimensions, list[int], np.random.Generator, int], Sequences[Array]]] = {
    Symbols: _symbols,
    Labels: _symbols,
    Sentences: _sentences,
    CopyableSymbols: _copyable,
    Values: _values,
    Ink: _ink,
}
