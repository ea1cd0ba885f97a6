"""Counting what a table holds in one pass and bounded memory."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from unspool.data.hashing import distinct_hashes, hash_columns
from unspool.data.reservoir import Reservoir
from unspool.data.tables import Pair
from unspool.types import Array

# Rows told apart by their hashes, at 16 bytes each; of a larger table only so many.
MOST_DISTINCT = 20_000_000


@dataclass(frozen=True, slots=True)
class Lengths:
    """How long texts are: the shortest, the median, what 95 of 100 do not exceed, and the longest."""

    minimum: int
    median: int
    most: int
    maximum: int


def lengths_of(counts: Mapping[int, int]) -> Lengths:
    """Of how many texts have each length."""
    lengths = np.array(sorted(counts), dtype=np.int64)
    below = np.cumsum([counts[length] for length in lengths.tolist()])
    low, median, most, high = lengths[np.searchsorted(below, np.array([0, 0.5, 0.95, 1]) * below[-1])].tolist()
    return Lengths(low, median, most, high)


class ColumnStats:
    """Lengths in characters and the characters of one side."""

    def __init__(self) -> None:
        self.lengths: Counter[int] = Counter()
        self.characters: Counter[str] = Counter()

    def add(self, columns: tuple[str, ...]) -> None:
        """Count one row's columns of this side."""
        self.lengths[sum(map(len, columns))] += 1
        for text in columns:
            self.characters.update(text)


class TableStats:
    """One pass over pairs.

    identical: rows whose source and target are the same text
    sample:    rows chosen at random, the same ones each time
    """

    def __init__(self, pairs: Iterable[Pair]) -> None:
        """Read all of them."""
        self.source, self.target = ColumnStats(), ColumnStats()
        self.rows = self.identical = 0
        self._kept: Reservoir[Pair] = Reservoir()
        self._sources, self._pairs = array("Q"), array("Q")
        for pair in pairs:
            self._count(pair)

    @property
    def sample(self) -> list[Pair]:
        """The sample."""
        return self._kept.items

    @property
    def counted(self) -> int:
        """Rows that what is said of distinct sources and pairs is about."""
        return len(self._sources)

    def sources(self) -> Array:
        """The hashes of the distinct sources, sorted."""
        return distinct_hashes(np.array(self._sources))

    def duplicates(self) -> int:
        """Rows whose source and target both stand in an earlier row."""
        return self.counted - len(distinct_hashes(np.array(self._pairs)))

    def several_targets(self) -> int:
        """Sources with more than one distinct target."""
        _, first = np.unique(np.frombuffer(self._pairs, dtype=np.uint64), return_index=True)
        sources = np.sort(np.frombuffer(self._sources, dtype=np.uint64)[first])
        return len(distinct_hashes(sources[1:][sources[1:] == sources[:-1]]))

    def _count(self, pair: Pair) -> None:
        self.rows += 1
        self.source.add(pair.source)
        self.target.add(pair.target)
        self.identical += pair.source == pair.target
        if len(self._sources) < MOST_DISTINCT:
            self._sources.append(hash_columns(pair.source))
            self._pairs.append(hash_columns((*pair.source, *pair.target)))
        self._kept.offer(pair)
