"""Held-out sources for validation, if no validation file was given.

Sources are sorted by a hash of their text, and the lowest are held out: the same ones in every run, on every machine
and for every order of the rows. All rows of a held-out source go to validation, so no training source is tested.
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
    """The pairs of one part of a split; each pass reads the whole table. `chosen`: a byte for each row, 1 or 0."""

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
        """Counts of the pass over the whole table, with the rows of the other part."""
        return self.pairs.stats

    def __iter__(self) -> Iterator[Pair]:
        """The pairs of this part."""
        return compress(self.pairs, self.chosen)


@dataclass(frozen=True, slots=True)
class Split:
    """Two parts without a common source. `sources`: number of distinct sources; `held_out`: number of held-out ones."""

    train: SplitPart
    valid: SplitPart
    sources: int
    held_out: int

    def message(self) -> str:
        """A message for the user."""
        held = f"Held out {self.held_out:,} of {self.sources:,} sources for validation, the same ones every time"
        return f"{held}; use --valid FILE for others."


def held_out(pairs: Pairs, share: float = 0.05, most: int = 2000) -> Split:
    """Hold out a share of the distinct sources, at least one and at most `most`; a source is all its columns.

    Reads the pairs once. Needs 16 bytes of memory for each row, and 10 more for a moment; 2 of them stay.
    """
    hashed = hashes(pair.source for pair in pairs)
    distinct = distinct_hashes(hashed.copy())
    if len(distinct) < 2:
        what = "There is only one distinct source, so none can be held out for validation."
        raise Mistake(what, "Give separate validation data: --valid FILE")
    size = max(1, min(most, round(share * len(distinct)), len(distinct) - 1))
    lowest = hashed <= distinct[size - 1]
    return Split(SplitPart(pairs, (~lowest).tobytes()), SplitPart(pairs, lowest.tobytes()), len(distinct), size)
