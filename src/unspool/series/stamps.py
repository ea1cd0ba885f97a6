"""Time stamps from the cells of a column: whole numbers, or dates in the form of ISO 8601."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from unspool.errors import Mistake
from unspool.types import Array

WHOLE = re.compile(r"[+-]?\d{1,18}")
# A year and a month at least; a day, hours, minutes and seconds may follow. What follows the seconds is cut.
DATE = re.compile(r"(\d{4}-\d\d(?:-\d\d(?:[T ]\d\d(?::\d\d(?::\d\d)?)?)?)?)(?:[.,]\d+)?")
REMEDY = "Write dates as 2026-11-30, 2026-11 or 2026-11-30T15:00:00 (without a time zone), or whole numbers."


def stamps_of(cells: Sequence[Any], where: str = "") -> Array:
    """`int64` if all cells are whole numbers, as years are; else `datetime64[s]`.

    A cell that is neither is a `Mistake` that names its row, counted from 1; `where` is the file's name, or "".
    """
    texts = [str(cell).strip() for cell in cells]
    if all(WHOLE.fullmatch(text) for text in texts):
        return np.array([int(text) for text in texts], dtype=np.int64)
    found = [DATE.fullmatch(text) for text in texts]
    wrong = next((number for number, match in enumerate(found) if not match), None)
    if wrong is None:
        try:
            return np.array([match[1] for match in found if match], dtype="datetime64[s]")
        except ValueError:  # month 13
            wrong = next(number for number, match in enumerate(found) if match and not _is_date(match[1]))
    raise Mistake(f"{where}row {wrong + 1:,}: the time stamp {texts[wrong][:40]!r} is no date.", REMEDY)


def shown(stamp: Any) -> str:
    """A time stamp for people and for files: a date without a time if it is midnight."""
    return str(stamp).removesuffix("T00:00:00").replace("T", " ")


def _is_date(text: str) -> bool:
    try:
        np.datetime64(text, "s")
    except ValueError:
        return False
    return True
