"""Tables whose cells are sequences: lists of numbers (JSONL, Parquet), or names of files with one sequence each.

A column is recognised by its first row, or said to be sequences: `--columns source=NAME:values,target=…`. Names of
files start at the table's folder.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from unspool.data.cells import as_sequence, is_sequence
from unspool.data.columns import Column
from unspool.data.files import format_of
from unspool.data.formats import FORMATS
from unspool.data.read_once import can_be_read_again
from unspool.data.reading import Reading, Settled
from unspool.data.sequence_files import kind_of_file, read_sequence
from unspool.data.sequences import TEXT, VALUES, Held, SequencePair, SideKind
from unspool.errors import Mistake
from unspool.fields.registry import asked_kind, field_class


class Sides(NamedTuple):
    """How a table is read, and what its sides are."""

    settled: Settled
    held: Held


def held(path: Path, reading: Reading, *, only_source: bool = False) -> Held:
    """What the sides of a table are, from its first row; text if the file cannot be read, which is said later."""
    if format_of(path) in FORMATS and can_be_read_again(path):
        with suppress(Mistake):
            return _sides(path, reading, only_source=only_source).held
    return Held()


def read(path: Path, reading: Reading, *, only_source: bool = False) -> Iterator[SequencePair]:
    """The pairs of a table; several columns of a text are joined by tabs."""
    settled, kinds = _sides(path, reading, only_source=only_source)
    columns = settled.columns
    width = len(columns.source)
    for number, row in settled.objects():
        place = f"{path}, line {number}"
        source = _side(row[:width], columns.source, kinds.source, place, path, reading)
        target = _side(row[width:], columns.target or (), kinds.target, place, path, reading)
        yield SequencePair(source, target, place)


def _sides(path: Path, reading: Reading, *, only_source: bool) -> Sides:
    settled = reading.settle(path, only_source=only_source)
    _, first = next(settled.objects(), (0, ()))
    width = len(settled.columns.source)
    source = _kind(settled.columns.source, first[:width], path)
    return Sides(settled, Held(source, _kind(settled.columns.target or (), first[width:], path)))


def _kind(columns: tuple[Column, ...], cells: tuple[Any, ...], path: Path) -> SideKind:
    if len(columns) != 1 or len(cells) != 1:
        return TEXT
    (cell,) = cells
    named = kind_of_file(cell) if isinstance(cell, str) else None
    asked = columns[0].tokenizer
    if asked is not None:
        kind = asked_kind([asked])
        return named or VALUES if kind and field_class(kind).container == "arrays" else TEXT
    if is_sequence(cell):
        return VALUES
    return named if named and (path.parent / cell).is_file() else TEXT


def _side(
    cells: tuple[Any, ...], columns: tuple[Column, ...], kind: SideKind, place: str, path: Path, reading: Reading
) -> Any:
    if kind == TEXT:
        if lists := [column.name for column, cell in zip(columns, cells, strict=True) if is_sequence(cell)]:
            raise Mistake(f"{place}: '{lists[0]}' is a list, and a text in the first row.", "Give all rows one kind.")
        return cells[0] if len(cells) == 1 else "\t".join(cell.replace("\t", " ") for cell in cells)
    (cell,), name = cells, columns[0].name
    if not isinstance(cell, str):
        return as_sequence(cell, f"{place}, '{name}'")
    if not cell.strip():
        raise Mistake(f"{place}: '{name}' is empty.", "Give each row a sequence, or leave the row out.")
    if kind_of_file(cell) is None:
        what = f"{place}: '{name}' is {cell[:60]!r}, not a sequence or the name of a file that holds one."
        raise Mistake(what, "Give a list of numbers, or a .csv or .wav file that stands beside the table.")
    if not (path.parent / cell).is_file():
        what = f"{place}: there is no file {path.parent / cell}."
        raise Mistake(what, "Names of files start at the table's folder.")
    return read_sequence(path.parent / cell, reading)
