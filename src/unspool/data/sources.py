"""The sources of `unspool predict`: one for each line, in order, none left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from unspool.data.arrays import read_arrays, real_valued
from unspool.data.columns import Column, Columns, resolve
from unspool.data.files import decoded, format_of, read_lines, without_ending
from unspool.data.formats import CSV, FORMATS, JSONL
from unspool.errors import Mistake
from unspool.plural import counted
from unspool.types import Array


def read_sources(path: Path, columns: Columns | None = None) -> Iterator[str | Array]:
    """The sources of a file; several columns of one source are joined by tabs, an empty source is "".

    The sources of an .npz are arrays `[S, F]`.

    Files other than CSV and JSONL are read by `lines_to_sources`. In a CSV or JSONL without `columns`, the source is
    the only column, or the first of two.
    """
    if real_valued([path]):
        return iter(read_arrays([path]).sequences)
    reader = FORMATS.get(format_of(path))
    if reader not in (CSV, JSONL):
        return lines_to_sources(read_lines(path), columns, path)
    names = reader.names(path)
    if columns is not None:
        chosen = resolve(Columns(columns.source, None), names, path).source
    else:
        chosen = (Column(names[0]),) if len(names) == 1 else resolve(None, names, path).source
    rows = reader.cells(path, [column.name for column in chosen])
    return (_joined(row) for _, row in rows)


def stream_sources(
    stream: Iterable[bytes], columns: Columns | None = None, name: str = "standard input"
) -> Iterator[str]:
    """The sources of a stream of bytes, each as soon as its line arrives."""
    return lines_to_sources(decoded(stream, name), columns, name)


def lines_to_sources(lines: Iterable[str], columns: Columns | None, name: object) -> Iterator[str]:
    """One source for each line: the whole line, or those columns of it if `columns` are given.

    A line with exactly as many columns as the source is the source itself, so a model that was trained on columns 2
    and 1 can still read plain lines.
    """
    for number, line in enumerate(lines, 1):
        text = without_ending(line)
        yield text if columns is None else _picked(text, columns.source, f"{name}, line {number}")


def _picked(text: str, columns: Sequence[Column], place: str) -> str:
    row = text.split("\t")
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
