"""Holding sources out for validation, when nobody gave a validation file.

Sources are ranked by a hash of their text and the lowest are held out: the same ones at every run, on every machine and
in whatever order the rows come. All rows of a held-out source go to validation, so nothing learned is tested.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import compress
from pathlib import Path

from unspool.data.columns import Columns
from unspool.data.hashing import distinct_hashes, hashes
from unspool.data.read_stats import ReadStats
from unspool.data.tables import Pair, Pairs
from unspool.errors import Mistake


@dataclass(frozen=True, slots=True)
class SplitPart:
    """The pairs on one side of a split; reads the whole table at each pass. `chosen`: a byte a row, 1 or 0."""

    pairs: Pairs
    chosen: bytes

    @property
    def paths(self) -> list[Path]:
        """The files of the whole table."""
        return self.pairs.paths

    @property
    def columns(self) -> Columns:
        """The columns of each side."""
        return self.pairs.columns

    @property
    def stats(self) -> ReadStats:
        """Counts of the whole table's pass, the other part's rows included."""
        return self.pairs.stats

    def __iter__(self) -> Iterator[Pair]:
        """The pairs whose source is held out, or those whose source is not."""
        return compress(self.pairs, self.chosen)


@dataclass(frozen=True, slots=True)
class Split:
    """Two parts that share no source. `sources`: distinct sources in all; `held_out`: those of them to validate on."""

    train: SplitPart
    valid: SplitPart
    sources: int
    held_out: int

    def message(self) -> str:
        """What a person is told."""
        held = f"Held out {self.held_out:,} of {self.sources:,} sources for validation, the same ones every time"
        return f"{held}; --valid FILE takes others."


def held_out(pairs: Pairs, share: float = 0.05, most: int = 2000) -> Split:
    """Hold out a share of the distinct sources, at most so many, at least one; a source is all its columns.

    Reads the pairs once, in 16 bytes of memory a row and 10 more for a moment; 2 of them stay.
    """
    hashed = hashes(pair.source for pair in pairs)
    distinct = distinct_hashes(hashed.copy())
    if len(distinct) < 2:
        what = "There is only one distinct source, so none can be held out for validation."
        raise Mistake(what, "Give validation data of its own: --valid FILE")
    size = max(1, min(most, round(share * len(distinct)), len(distinct) - 1))
    lowest = hashed <= distinct[size - 1]
    return Split(SplitPart(pairs, (~lowest).tobytes()), SplitPart(pairs, lowest.tobytes()), len(distinct), size)
