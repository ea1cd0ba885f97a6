"""Rows of a CSV, with a header unless the dialect says no; cells with a comma or a line feed are in double quotes."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

from unspool.data.dialect import Dialect
from unspool.data.files import read_lines
from unspool.errors import Mistake
from unspool.plural import counted

COMMA = ","
# The most characters of a cell. A longer one is probably the rest of the file after a quotation that is not closed.
LONGEST = 1 << 24


def first_row(path: Path, dialect: Dialect) -> list[str]:
    """The cells of the first row."""
    for _, row in _rows(path, dialect):
        if len(row) == 1 and dialect.delimiter is None and (other := _other_delimiter(row[0])):
            what = f"{path}, line 1: there is no comma in {row[0][:80]!r}."
            raise Mistake(what, f"If {other} separates its cells: --delimiter {other}")
        return row
    raise Mistake(f"{path} is empty.", "It must have a header with the names of the columns, and rows.")


def cells(path: Path, wanted: Sequence[str], dialect: Dialect) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The number of the first line and the wanted cells of each row; a blank line has empty cells."""
    rows = _rows(path, dialect)
    names = dialect.names(first_row(path, dialect), f"{path}, line 1")
    numbers = {name: number for number, name in enumerate(names)}
    places = [numbers[name] for name in wanted]
    if dialect.headed:
        next(rows)
    for number, row in rows:
        if len(row) == len(names):
            yield number, tuple([row[place] for place in places])
        elif not row:
            yield number, ("",) * len(wanted)
        else:
            found = counted(len(row), "column", "columns")
            what = f"{path}, line {number}: the row has {found}, but the first row has {len(names):,}."
            raise Mistake(what, "A text with the delimiter in it needs double quotes around it.")


def _other_delimiter(row: str) -> str:
    return next((name for mark, name in {";": "semicolon", "\t": "tab", "|": "'|'"}.items() if mark in row), "")


def _rows(path: Path, dialect: Dialect) -> Iterator[tuple[int, list[str]]]:
    # strict: a quotation that is not closed is an error, instead of one cell with the rest of the file.
    lines = read_lines(path, dialect.encoding)
    reader = csv.reader(lines, strict=True, delimiter=dialect.delimiter or COMMA)
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
