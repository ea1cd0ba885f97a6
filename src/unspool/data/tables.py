"""Pairs of source and target from TSV, CSV and JSONL files, streamed: each pass reads the files again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

from unspool.data.columns import Columns
from unspool.data.read_stats import ReadStats
from unspool.data.reading import USUAL, Reading
from unspool.errors import Mistake


class Pair(NamedTuple):
    """A row: the texts of the source's columns, those of the target's columns, and its line number from 1."""

    source: tuple[str, ...]
    target: tuple[str, ...]
    line: int


class Pairs(Protocol):
    """Pairs that can be read several times: a table, parallel files, or a part of either."""

    @property
    def paths(self) -> list[Path]:
        """The files."""
        ...

    @property
    def columns(self) -> Columns:
        """The columns of each side."""
        ...

    @property
    def stats(self) -> ReadStats:
        """Counts of the current or last pass."""
        ...

    def __iter__(self) -> Iterator[Pair]:
        """Read from the start; `stats` starts at zero again."""
        ...


class Table:
    """Pairs from one or more files, one after another.

    columns: the columns of each side, by the names of the first file
    reading: how the files are read, with the names of their header, if they have one
    stats:   counts of the current or last pass
    """

    def __init__(self, paths: Sequence[Path], reading: Reading = USUAL) -> None:
        """Read the beginning of every file, so that a wrong column is an error at once."""
        if reading.columns is not None and reading.columns.target is None:
            raise Mistake("--columns names no target.", "Add one: --columns source=1,target=2")
        self.paths = list(paths)
        self._files, self.reading = reading.settle_all(self.paths)
        self.columns, self.stats = self._files[0].columns, ReadStats(reading.max_line)

    def __iter__(self) -> Iterator[Pair]:
        """Read all files from the start; blank and too long rows are skipped; a row that breaks a rule raises."""
        stats = self.stats = ReadStats(self.reading.max_line)
        for file in self._files:
            width = len(file.columns.source)
            for line, row in file.rows():
                checked = check(Pair(row[:width], row[width:], line), file.path, stats)
                if checked is not None:
                    yield checked
        refuse_nothing(stats, ", ".join(map(str, self.paths)))


def check(pair: Pair, path: Path, stats: ReadStats) -> Pair | None:
    """The pair, or None if it is skipped; `stats` counts either.

    A side is blank if all its columns are. Joined columns are separated by tabs, so a tab inside one becomes a space.
    """
    source, target = "\t".join(pair.source), "\t".join(pair.target)
    if not source.strip() or not target.strip():
        stats.empty(f"{path}, line {pair.line}")
        return None
    if len(source) > stats.max_line or len(target) > stats.max_line:
        stats.long(f"{path}, line {pair.line}")
        return None
    stats.rows += 1
    columns = len(pair.source) + len(pair.target)
    if columns == 2 or source.count("\t") + target.count("\t") == columns - 2:
        return pair
    stats.tab(f"{path}, line {pair.line}")
    return Pair(_without_tabs(pair.source), _without_tabs(pair.target), pair.line)


def refuse_nothing(stats: ReadStats, name: str) -> None:
    """Raise a `Mistake` if a pass found no usable pair."""
    if stats.rows == 0:
        what = " ".join([f"{name}: there is no usable pair.", *stats.messages()])
        raise Mistake(what, "Every row needs a source and a target.")


def _without_tabs(side: tuple[str, ...]) -> tuple[str, ...]:
    return side if len(side) == 1 else tuple(text.replace("\t", " ") for text in side)
