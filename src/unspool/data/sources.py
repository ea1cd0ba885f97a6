"""The sources of `unspool predict`: one for each line, in order, none left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from unspool.data.arrays import held_in, read_pairs
from unspool.data.columns import FIRST_TWO, Column
from unspool.data.drawings import are_drawings, read
from unspool.data.files import format_of, read_lines
from unspool.data.formats import CSV, FORMATS, JSONL, PARQUET, TSV
from unspool.data.lines import decoded, without_ending
from unspool.data.read_once import STDIN, read_once
from unspool.data.reading import USUAL, Reading
from unspool.data.tsv_file import TAB
from unspool.errors import Mistake
from unspool.plural import counted
from unspool.types import Array


def read_sources(path: Path, reading: Reading = USUAL) -> Iterator[str | Array]:
    """The sources of a file; several columns of one source are joined by tabs, an empty source is "".

    Sequences of real values are arrays `[S, F]`, see `arrays`. Files other than tables with names are read line by
    line, see `lines_to_sources`. In a table with names and without known columns, the source is the only column, or
    the first of two.
    """
    if are_drawings([path]):
        yield from (drawing.points for drawing in read(path))
    elif held_in(path, reading, only_source=True).real:
        yield from (pair.source for pair in read_pairs(path, reading, only_source=True))
    elif FORMATS.get(format_of(path)) in (CSV, JSONL, PARQUET):
        yield from _of_table(path, reading)
    else:
        yield from lines_to_sources(read_lines(path, reading.dialect.encoding, last=True), reading, path)


def stream_sources(stream: BinaryIO, reading: Reading = USUAL, name: str = "standard input") -> Iterator[str]:
    """The sources of a stream of bytes, each as soon as its line arrives; with another delimiter a CSV is read."""
    if reading.dialect.delimiter not in (None, TAB):
        return _of_table(STDIN, reading)
    return lines_to_sources(decoded(stream, name, reading.dialect.encoding), reading, name)


def lines_to_sources(lines: Iterable[str], reading: Reading, name: object) -> Iterator[str]:
    """One source for each line: the whole line, or its columns that `reading` names, the first by default.

    A line with exactly as many columns as the source is the source itself, so a model that was trained on columns 2
    and 1 can still read plain lines. A first line with the names of the columns is no source.
    """
    if reading.whole_lines:
        yield from map(without_ending, lines)
        return
    columns: Sequence[Column] = (reading.columns or FIRST_TWO).source
    begun = False
    for number, line in enumerate(lines, 1):
        text = without_ending(line)
        if not begun and (begun := bool(text.strip())) and (named := _named(text, reading, name)):
            columns = named
            continue
        yield _picked(text, columns, reading.dialect.delimiter or TAB, f"{name}, line {number}")


def _of_table(path: Path, reading: Reading) -> Iterator[str]:
    with read_once():
        for _, row in reading.settle(path, only_source=True).rows():
            yield _joined(row)


def _named(line: str, reading: Reading, name: object) -> Sequence[Column] | None:
    """The source's columns by number, if this first line is a header."""
    first = line.split(reading.dialect.delimiter or TAB)
    if reading.header(TSV, first) == "no":
        return None
    names, columns = reading.columns_of(first, "yes", name, only_source=True)
    return [Column(str(names.index(column.name) + 1)) for column in columns.source]


def _picked(text: str, columns: Sequence[Column], delimiter: str, place: str) -> str:
    row = text.split(delimiter)
    if len(row) == len(columns) or not text:
        return text
    try:
        return _joined([row[int(column.name) - 1] for column in columns])
    except (IndexError, ValueError):
        wanted = " + ".join(column.name for column in columns)
        found = counted(len(row), "column is", "columns are")
        what = f"{place}: {found} there, and the model reads column {wanted}."
        raise Mistake(what, "Give only the source's columns, separated by tabs.") from None


def _joined(row: Sequence[str]) -> str:
    return row[0] if len(row) == 1 else "\t".join(text.replace("\t", " ") for text in row)
