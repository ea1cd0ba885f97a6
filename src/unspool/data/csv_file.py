"""Rows of a CSV with a header; cells with a comma or a line feed are in double quotes."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

from unspool.data.files import read_lines
from unspool.errors import Mistake
from unspool.plural import counted

# The most characters of a cell. A longer one is probably the rest of the file after a quotation that is not closed.
LONGEST = 1 << 24


def names(path: Path) -> list[str]:
    """The names of the columns in the header."""
    for _, header in _rows(path):
        if not header:
            raise Mistake(f"{path}, line 1: the header is blank.", "The header must name the columns.")
        repeated = sorted({name for name in header if header.count(name) > 1})
        if repeated:
            raise Mistake(f"{path}, line 1: the header names '{repeated[0]}' twice.", "Give each column its own name.")
        if len(header) == 1 and any(mark in header[0] for mark in ";\t|"):
            raise Mistake(f"{path}, line 1: there is no comma in {header[0]!r}.", "Save it with commas between cells.")
        return header
    raise Mistake(f"{path} is empty.", "It must have a header with the names of the columns, and rows.")


def cells(path: Path, wanted: Sequence[str]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The number of the first line and the wanted cells of each row; a blank line has empty cells."""
    rows = _rows(path)
    _, header = next(rows)
    places = [header.index(name) for name in wanted]
    for number, row in rows:
        if len(row) == len(header):
            yield number, tuple([row[place] for place in places])
        elif not row:
            yield number, ("",) * len(wanted)
        else:
            found = counted(len(row), "column", "columns")
            what = f"{path}, line {number}: the row has {found}, but the header has {len(header)}."
            raise Mistake(what, "A text with a comma in it needs double quotes around it.")


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    # strict: a quotation that is not closed is an error, instead of one cell with the rest of the file.
    reader = csv.reader(read_lines(path), strict=True)
    number = 1
    try:
        while (row := _next(reader)) is not None:
            yield number, row
            number = reader.line_num + 1
    except csv.Error as error:
        what = f"a cell is longer than {LONGEST:,} characters" if "field limit" in str(error) else error
        remedy = 'Close every quotation; a double quote inside one is written twice: "".'
        raise Mistake(f"{path}, line {number}: {what}.", remedy) from None


def _next(reader: Iterator[list[str]]) -> list[str] | None:
    """The next row. The csv module's limit for cells is global, so it is restored at once."""
    limit = csv.field_size_limit(LONGEST)
    try:
        return next(reader, None)
    finally:
        csv.field_size_limit(limit)
