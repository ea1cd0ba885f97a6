"""Rows of a TSV: cells separated by tabs, no quotation; columns are numbered from 1 unless a header names them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import takewhile
from operator import itemgetter
from pathlib import Path

from unspool.data.dialect import Dialect
from unspool.data.files import read_lines
from unspool.data.lines import without_ending
from unspool.errors import Mistake

TAB = "\t"


def first_row(path: Path, dialect: Dialect) -> list[str]:
    """The cells of the first line that is not blank."""
    for line in read_lines(path, dialect.encoding):
        if not line.isspace():
            return without_ending(line).split(dialect.delimiter or TAB)
    raise Mistake(f"{path} is empty.", "It must have one row on each line: source, tab, target.")


def cells(path: Path, wanted: Sequence[str], dialect: Dialect) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Line number and wanted cells of each row; a blank line has empty cells.

    Every row must have as many columns as the first.
    """
    delimiter, blank = dialect.delimiter or TAB, ("",) * len(wanted)
    first = first_row(path, dialect)
    width, names = len(first), dialect.names(first, f"{path}, line 1")
    numbers = {name: number for number, name in enumerate(names)}
    places = [numbers[name] for name in wanted]
    pick = itemgetter(*places) if len(places) > 1 else itemgetter(slice(places[0], places[0] + 1))
    lines = enumerate(read_lines(path, dialect.encoding), 1)
    if dialect.headed:
        yield from ((number, blank) for number, _ in takewhile(lambda numbered: numbered[1].isspace(), lines))
    for number, line in lines:
        row = without_ending(line).split(delimiter)
        if len(row) == width:
            yield number, tuple(pick(row))
        elif line.isspace():
            yield number, blank
        else:
            raise _ragged(path, number, len(row), width)


def _ragged(path: Path, number: int, found: int, width: int) -> Mistake:
    there = "there is one column" if found == 1 else f"there are {found:,} columns"
    remedy = "Put a single tab between columns, and none inside a text."
    return Mistake(f"{path}, line {number}: {there}, but the first row has {width:,}.", remedy)
