"""Pairs of source and target from TSV, CSV and JSONL files, streamed: each pass reads the files again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import NamedTuple, Protocol

from unspool.config import DataConfig
from unspool.data.columns import Columns, parse_columns, resolve
from unspool.data.formats import reader_of
from unspool.data.read_stats import ReadStats
from unspool.errors import Mistake

# Rows that are looked at to propose which columns to read.
SHOWN_ROWS = 1000


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
    stats:   counts of the current or last pass
    """

    def __init__(self, paths: Sequence[Path], columns: Columns | None = None, max_line: int = 20_000) -> None:
        """Read the beginning of every file, so that a wrong column is an error at once.

        max_line: characters; a row whose source or target is longer is skipped and counted
        """
        if columns is not None and columns.target is None:
            raise Mistake("--columns names no target.", "Add one: --columns source=1,target=2")
        self.paths, self.max_line = list(paths), max_line
        self._asked, self.stats = columns, ReadStats(max_line)
        columns_of_each = [self._columns_of(path) for path in self.paths]
        self.columns = columns_of_each[0]

    def __iter__(self) -> Iterator[Pair]:
        """Read all files from the start; blank and too long rows are skipped; a row that breaks a rule raises."""
        stats = self.stats = ReadStats(self.max_line)
        for path in self.paths:
            for pair in self._rows(path):
                checked = check(pair, path, stats)
                if checked is not None:
                    yield checked
        refuse_nothing(stats, ", ".join(map(str, self.paths)))

    def _columns_of(self, path: Path) -> Columns:
        names = reader_of(path).names(path)
        return resolve(self._asked, names, path, lambda: first_rows(path, names))

    def _rows(self, path: Path) -> Iterator[Pair]:
        columns = self._columns_of(path)
        width = len(columns.source)
        for line, row in reader_of(path).cells(path, columns.wanted):
            yield Pair(row[:width], row[width:], line)


def first_rows(path: Path, names: Sequence[str]) -> list[tuple[str, ...]]:
    """All columns of the first rows of a file; fewer rows if one breaks a rule, which is reported when it is read."""
    rows: list[tuple[str, ...]] = []
    with suppress(Mistake):
        rows.extend(row for _, row in islice(reader_of(path).cells(path, names), SHOWN_ROWS))
    return rows


def open_table(paths: Sequence[Path], config: DataConfig) -> Table:
    """The table that `data.columns` and `data.max_line` describe."""
    columns = parse_columns(config.columns) if config.columns else None
    return Table(paths, columns, config.max_line)


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
