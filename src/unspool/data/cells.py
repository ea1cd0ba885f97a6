"""Cells of tables and frames: a value as a text, or as a sequence of real values."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from numbers import Number, Real
from typing import Any

import numpy as np

from unspool.arguments import kind_of
from unspool.errors import Mistake
from unspool.fields.values import first_wrong_row
from unspool.types import Array

# Missing values of libraries that are not imported here, by the names of their types.
MISSING = ("NAType", "NaTType")
SHAPES = "A sequence is numbers [0.5, 0.7], or rows of equally many numbers [[0.5, 1], [0.7, 2]]."


def as_cell(value: Any, place: str) -> str:
    """A value as the text of a cell; `place` is its name in errors."""
    if isinstance(value, str):
        if not value.isascii() and any("\ud800" <= character <= "\udfff" for character in value):
            raise Mistake(f"{place} holds half of a surrogate pair, which is not a character.", "Write the character.")
        return str(value)
    if isinstance(value, np.generic):
        return as_cell(value.item(), place)
    if value is None or type(value).__name__ in MISSING or (isinstance(value, float) and value != value):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, date):  # a time of day, too
        return value.isoformat()
    raise Mistake(f"{place} is {kind_of(value)}, not a text.", "Make it a text, for example with str().")


def is_sequence(value: Any) -> bool:
    """Whether a cell is an array or a list, of whatever: what is wrong with it is said when it is read."""
    return isinstance(value, np.ndarray | list | tuple) or (hasattr(value, "to_numpy") and hasattr(value, "__len__"))


def as_sequence(value: Any, place: str) -> Array:
    """`[S, F]` float64 from an array, or a list of numbers or of rows; `place` is its name in errors.

    Single numbers are one feature. What is empty, ragged, no number or not finite is a `Mistake`.
    """
    plain = isinstance(value, np.ndarray) and value.dtype.kind in "fiu"
    array = value if plain else _of_rows(_listed(value, place), place)
    array = array[:, None] if array.ndim == 1 else array
    if not len(array):
        raise Mistake(
            f"{place} is a sequence without a step.", "A sequence needs at least one step: leave the row out."
        )
    if array.ndim != 2 or not array.shape[1]:
        raise Mistake(f"{place} is an array of shape {array.shape}, not rows of numbers.", SHAPES)
    if wrong := first_wrong_row(array):
        raise Mistake(f"{place}: {wrong}.", "Give finite numbers.")
    return array.astype(np.float64, copy=False)


def _listed(value: Any, place: str) -> list[Any]:
    if isinstance(value, str) or not isinstance(value, Iterable):
        shown = f"the text {value[:40]!r}" if isinstance(value, str) else kind_of(value)
        raise Mistake(f"{place} is {shown}, not a sequence of numbers.", SHAPES)
    return [list(row) if isinstance(row, Iterable) and not isinstance(row, str) else row for row in value]


def _of_rows(rows: list[Any], place: str) -> Array:
    if wrong := _first_wrong(rows):
        raise Mistake(f"{place}: {wrong}.", SHAPES)
    try:
        return np.array(rows, dtype=np.float64)
    except OverflowError:
        raise Mistake(f"{place} holds a whole number that is too large.", "Give numbers below 3.4e+38.") from None


def _first_wrong(rows: list[Any]) -> str:
    """What is wrong with the first row that is not like the first one; empty if nothing is."""
    nested = bool(rows) and isinstance(rows[0], list)
    for number, row in enumerate(rows):
        if isinstance(row, list) != nested:
            return f"row {number} is {_shown(row)}, and row 0 is {_shown(rows[0])}"
        if nested and len(row) != len(rows[0]):
            return f"row {number} has {_numbers(len(row))}, and row 0 has {_numbers(len(rows[0]))}"
        for item in row if nested else (row,):
            if isinstance(item, bool | np.bool) or not isinstance(item, Real):
                return f"row {number} holds {_shown(item)}, not a number"
    return ""


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return "a list"
    return "a number" if type(value) in (int, float) else repr(value)[:40]


def _numbers(count: int) -> str:
    return "1 number" if count == 1 else f"{count:,} numbers"
