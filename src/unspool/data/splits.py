"""Holding sources out for validation, when nobody gave a validation file.

Sources are ranked by a hash of their text and the lowest are held out: the same ones at every run, on every machine and
in whatever order the rows come. All rows of a held-out source go to validation, so nothing learned is tested.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from unspool.data.columns import Columns
from unspool.data.hashing import distinct_hashes, hash_columns, hashes
from unspool.data.reading import Reading
from unspool.data.tables import Pair, Pairs
from unspool.errors import Mistake


@dataclass(frozen=True, slots=True)
class Part:
    """The pairs on one side of a split; reads the whole table at each pass."""

    pairs: Pairs
    threshold: int
    held_out: bool

    @property
    def paths(self) -> list[Path]:
        """The files of the whole table."""
        return self.pairs.paths

    @property
    def columns(self) -> Columns:
        """The columns of each side."""
        return self.pairs.columns

    @property
    def reading(self) -> Reading:
        """Counts of the whole table's pass, the other part's rows included."""
        return self.pairs.reading

    def __iter__(self) -> Iterator[Pair]:
        """The pairs whose source is held out, or those whose source is not."""
        for pair in self.pairs:
            if (hash_columns(pair.source) <= self.threshold) == self.held_out:
                yield pair


@dataclass(frozen=True, slots=True)
class Split:
    """Two parts that share no source. `sources`: distinct sources in all; `held_out`: those of them to validate on."""

    train: Part
    valid: Part
    sources: int
    held_out: int

    def message(self) -> str:
        """What a person is told."""
        held = f"Held out {self.held_out:,} of {self.sources:,} sources for validation, the same ones every time"
        return f"{held}; --valid FILE takes others."


def held_out(pairs: Pairs, share: float = 0.05, most: int = 2000) -> Split:
    """Hold out a share of the distinct sources, at most so many, at least one; a source is all its columns.

    Reads the pairs once, in 8 bytes of memory a row (sorting takes as much again).
    """
    distinct = distinct_hashes(hashes(pair.source for pair in pairs))
    if len(distinct) < 2:
        what = "There is only one distinct source, so none can be held out for validation."
        raise Mistake(what, "Give validation data of its own: --valid FILE")
    size = max(1, min(most, round(share * len(distinct)), len(distinct) - 1))
    threshold = int(distinct[size - 1])
    return Split(Part(pairs, threshold, False), Part(pairs, threshold, True), len(distinct), size)
