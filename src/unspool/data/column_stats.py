"""Statistics of a table in one pass, with bounded memory."""

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

# The most rows whose hashes are stored, at 16 bytes each; later rows of a larger table are not compared.
MOST_DISTINCT = 20_000_000


@dataclass(frozen=True, slots=True)
class Lengths:
    """Lengths of texts: the shortest, the median, the 95th percentile (`most`), and the longest."""

    minimum: int
    median: int
    most: int
    maximum: int


def lengths_of(counts: Mapping[int, int]) -> Lengths:
    """`Lengths` from the number of texts of each length."""
    lengths = np.array(sorted(counts), dtype=np.int64)
    below = np.cumsum([counts[length] for length in lengths.tolist()])
    low, median, most, high = lengths[np.searchsorted(below, np.array([0, 0.5, 0.95, 1]) * below[-1])].tolist()
    return Lengths(low, median, most, high)


class ColumnStats:
    """Counts of the lengths in characters, and of the characters, of one side."""

    def __init__(self) -> None:
        self.lengths: Counter[int] = Counter()
        self.characters: Counter[str] = Counter()

    def add(self, columns: tuple[str, ...]) -> None:
        """Count one row's columns of this side."""
        self.lengths[sum(map(len, columns))] += 1
        for text in columns:
            self.characters.update(text)


class TableStats:
    """Statistics of one pass over pairs.

    identical: rows whose source and target are the same text
    sample:    random rows, the same ones every time
    """

    def __init__(self, pairs: Iterable[Pair]) -> None:
        """Read all pairs."""
        self.source, self.target = ColumnStats(), ColumnStats()
        self.rows = self.identical = 0
        self._kept: Reservoir[Pair] = Reservoir()
        self._sources, self._pairs = array("Q"), array("Q")
        for pair in pairs:
            self._count(pair)

    @property
    def sample(self) -> list[Pair]:
        """The random rows."""
        return self._kept.items

    @property
    def counted(self) -> int:
        """The rows that the counts of distinct sources and pairs are based on."""
        return len(self._sources)

    def sources(self) -> Array:
        """The hashes of the distinct sources, sorted."""
        return distinct_hashes(np.array(self._sources))

    def duplicates(self) -> int:
        """Rows that repeat the source and target of an earlier row."""
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
