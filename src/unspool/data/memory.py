"""Data given from Python: pairs, dicts and data frames, as columns of cells.

    [("hello", "HH AH L OW"), ("tear", ["T IH R", "T EH R"])]   pairs; a list of targets are several right answers
    [{"word": "hello", "sounds": "HH AH L OW"}]                 rows
    {"word": ["hello"], "sounds": ["HH AH L OW"]}               columns
    pandas.DataFrame, polars.DataFrame, pyarrow.Table           whatever has named columns: no library is imported here

A cell is read as in a JSONL file: text as it is, a number as Python writes it, a missing value as an empty cell.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from unspool.arguments import kind_of
from unspool.data.cells import as_cell, as_sequence, is_sequence
from unspool.data.corpus import Example, examples_of
from unspool.data.examples import ReadExamples
from unspool.data.read_stats import ReadStats
from unspool.data.tables import Pair
from unspool.errors import Mistake
from unspool.plural import counted

ColumnsOfCells = dict[str, list[Any]]

PAIR = ("source", "target")
REMEDY = (
    "Give a list of pairs [(source, target), …], a dict of columns, a list of dicts, a data frame, or a file's path."
)
ARRAYS = "Give each sequence as a NumPy array with a row for each step: [S, F], or [S, 1] for single numbers."


def is_in_memory(data: object) -> bool:
    """Whether this is data itself, and not the path of a file or a list of paths."""
    if isinstance(data, str | Path):
        return False
    return not (isinstance(data, list | tuple) and data and all(isinstance(one, str | Path) for one in data))


def columns_of(data: object) -> ColumnsOfCells:
    """The columns of a frame, a dict, a list of dicts or a list of pairs by name; anything else is a `Mistake`."""
    names = data if isinstance(data, Mapping) else _names(data)
    if names is not None:
        return _equally_long({_name(name): as_list(data[name], f"column '{name}'") for name in names})  # type: ignore[index]
    rows = as_list(data, "the data")
    if not rows:
        raise Mistake("The data is empty.", REMEDY)
    return _columns_of_dicts(rows) if isinstance(rows[0], Mapping) else _columns_of_pairs(rows)


def pairs_of(data: object) -> list[tuple[Any, Any]] | None:
    """The data as pairs if it is given as pairs; a pair with several right answers becomes several. None otherwise."""
    if isinstance(data, Mapping) or _names(data) is not None:
        return None
    rows = as_list(data, "the data")
    if rows and isinstance(rows[0], Mapping):
        return None
    return [] if not rows else list(zip(*_columns_of_pairs(rows).values(), strict=True))


def examples_of_pairs(pairs: Iterable[tuple[Any, Any]]) -> ReadExamples:
    """Sources with all their references; pairs without a source or a target are skipped and counted."""
    stats, kept, arrays = ReadStats(), list[Pair](), list[Example]()
    for number, (source, target) in enumerate(pairs, 1):
        given, right = as_raw(source, f"The source of row {number}"), as_raw(target, f"The target of row {number}")
        if isinstance(given, np.ndarray) or isinstance(right, np.ndarray):
            arrays.append(Example(given, (right,), number))
        elif given.strip() and right.strip():
            kept.append(Pair((given,), (right,), number))
        else:
            stats.empty(f"row {number}")
    return ReadExamples(arrays or examples_of(kept), stats.messages())


def sources_of(given: object) -> list[Any]:
    """Sources to answer, from a list, a Series or another sequence: texts, or arrays `[S, F]`."""
    if isinstance(given, str | bytes):
        raise Mistake(
            f"The model needs a list of texts, and got one text, {given[:40]!r}.", "Put it in brackets: [text]"
        )
    if isinstance(given, Mapping) or _names(given) is not None:
        raise Mistake(
            f"The model needs a list of texts, and got {kind_of(given)}.", "Give one of its columns: data['source']"
        )
    return cells(as_list(given, "the sources"), "Source")


def cells(column: Iterable[Any], what: str) -> list[Any]:
    """Each value as text, or as an array if it is one; another type is a `Mistake` that names `what` and its number."""
    return [as_raw(value, f"{what} {number}") for number, value in enumerate(column, 1)]


def as_raw(value: Any, place: str) -> Any:
    """An array as it is, a list of numbers as an array `[S, F]`, and any other value as the text of a cell.

    place: its name in errors
    """
    if isinstance(value, np.ndarray) and value.ndim == 2 and value.dtype.kind in "fiu":
        return value
    of_texts = isinstance(value, list | tuple) and bool(value) and isinstance(value[0], str)
    return as_sequence(value, place) if is_sequence(value) and not of_texts else as_cell(value, place)


def check_arrays(column: Sequence[Any], what: str) -> None:
    """Refuse what is not an array `[S, F]` of numbers, with the same F everywhere."""
    for number, value in enumerate(column, 1):
        if not isinstance(value, np.ndarray):
            raise Mistake(f"{what.capitalize()} {number} is {kind_of(value)}, and the first is an array.", ARRAYS)
        if value.ndim != 2 or value.dtype.kind not in "fiu" or value.shape[1] != column[0].shape[1]:
            shown = f"{what.capitalize()} {number} is an array of shape {value.shape} and type {value.dtype}"
            raise Mistake(f"{shown}, not [S, F] with the F of the first.", ARRAYS)


def as_list(given: Any, what: str) -> list[Any]:
    """A list, a Series, an array or another iterable as a list; a text or a single value is a `Mistake`."""
    for name in ("to_pylist", "tolist", "to_list"):  # Arrow; NumPy and pandas; polars
        convert = getattr(given, name, None)
        if callable(convert) and getattr(given, "ndim", 1) == 1:
            return list(convert())
    if isinstance(given, str | bytes) or not isinstance(given, Iterable):
        raise Mistake(f"{what[:1].upper()}{what[1:]} must be a list, not {kind_of(given)}.", REMEDY)
    return list(given)


def _names(data: object) -> list[Any] | None:
    """The names of a frame's columns; None if it is no frame."""
    for attribute in ("column_names", "columns"):
        names = getattr(data, attribute, None)
        if names is not None and not callable(names) and hasattr(data, "__getitem__"):
            return list(names)
    return None


def _name(name: Any) -> str:
    if not isinstance(name, str | int):
        raise Mistake(f"The name of a column is {kind_of(name)}, {name!r}.", "Give each column a text as its name.")
    return str(name)


def _columns_of_dicts(rows: Sequence[Any]) -> ColumnsOfCells:
    columns: ColumnsOfCells = {_name(name): [] for name in rows[0]}
    names = list(rows[0])
    for number, row in enumerate(rows, 1):
        if not isinstance(row, Mapping):
            raise Mistake(f"Row {number} is {kind_of(row)}, and the first is a dict.", REMEDY)
        for name in names:
            if name not in row:
                raise Mistake(f"Row {number} has no '{name}', and the first row has.", "Give every row the same keys.")
            columns[str(name)].append(row[name])
    return columns


def _columns_of_pairs(rows: Sequence[Any]) -> ColumnsOfCells:
    sources, targets = list[Any](), list[Any]()
    for number, row in enumerate(rows, 1):
        if isinstance(row, str | bytes) or not isinstance(row, Sequence) or len(row) != 2:
            shown = f"{kind_of(row)} of {len(row)}" if isinstance(row, Sequence) else kind_of(row)
            raise Mistake(f"Row {number} is {shown}, not a pair of source and target.", REMEDY)
        source, target = row
        answers = target if isinstance(target, list | tuple) else [target]
        sources += [source] * len(answers)
        targets += answers
    return dict(zip(PAIR, (sources, targets), strict=True))


def _equally_long(columns: ColumnsOfCells) -> ColumnsOfCells:
    lengths = {name: len(column) for name, column in columns.items()}
    if not columns or not any(lengths.values()):
        raise Mistake("The data is empty.", REMEDY)
    if len({*lengths.values()}) > 1:
        first, other = min(lengths, key=lengths.__getitem__), max(lengths, key=lengths.__getitem__)
        what = f"Column '{first}' has {counted(lengths[first], 'cell', 'cells')}, and '{other}' {lengths[other]:,}."
        raise Mistake(what, "Give all columns the same length.")
    return columns
