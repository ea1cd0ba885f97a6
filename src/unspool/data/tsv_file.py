"""Rows of a TSV: cells separated by tabs, no header, no quotation; columns are numbered from 1."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from operator import itemgetter
from pathlib import Path

from unspool.data.files import read_lines, without_ending
from unspool.errors import Mistake


def names(path: Path) -> list[str]:
    """The numbers of the columns as strings, from "1", counted in the first line that is not blank."""
    return [str(number) for number in range(1, _width(path) + 1)]


def cells(path: Path, wanted: Sequence[str]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Line number and wanted cells of each row; a blank line has empty cells.

    Every row must have as many columns as the first.
    """
    width, blank = _width(path), ("",) * len(wanted)
    places = [int(name) - 1 for name in wanted]
    pick = itemgetter(*places) if len(places) > 1 else itemgetter(slice(places[0], places[0] + 1))
    for number, line in enumerate(read_lines(path), 1):
        row = without_ending(line).split("\t")
        if len(row) == width:
            yield number, tuple(pick(row))
        elif line.isspace():
            yield number, blank
        else:
            raise _ragged(path, number, len(row), width)


def _width(path: Path) -> int:
    for line in read_lines(path):
        if not line.isspace():
            return line.count("\t") + 1
    raise Mistake(f"{path} is empty.", "It must have one row on each line: source, tab, target.")


def _ragged(path: Path, number: int, found: int, width: int) -> Mistake:
    there = "there is one column" if found == 1 else f"there are {found} columns"
    remedy = "Put a single tab between columns, and none inside a text."
    return Mistake(f"{path}, line {number}: {there}, but the first row has {width}.", remedy)
