"""What every format checks: places of a pen are finite numbers, and there are not too many."""

from __future__ import annotations

from collections.abc import Sequence
from typing import BinaryIO

import numpy as np

from unspool.errors import Mistake
from unspool.text.surrogates import holds_surrogates
from unspool.types import Array

# A page of dense writing has some 50,000 points. A file of more in one drawing is damaged, or made to do harm.
MOST_POINTS = 1_000_000
# Of a place. Beyond it float32 knows no steps of 1 any more, and no device is as large.
LARGEST = 1e7
# Of a file that is read whole, in bytes.
LARGEST_FILE = 1 << 27


def read_whole(file: BinaryIO, place: str) -> bytes:
    """The bytes of a file that is not too large."""
    content = file.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        raise Mistake(f"{place} is larger than {LARGEST_FILE >> 20} MiB.", "Split it into several files.")
    return content


def stroke_of(places: Sequence[Sequence[float]], where: str) -> Array:
    """Pairs of x and y as a stroke `[n, 2]`; a number that is not finite, or too large, is a `Mistake`."""
    stroke = np.array(places, dtype=np.float64).reshape(-1, 2)
    wrong = np.flatnonzero(~(np.abs(stroke) <= LARGEST).all(axis=1))
    if len(wrong):
        x, y = stroke[wrong[0]].tolist()
        raise Mistake(f"{where}: point {wrong[0] + 1:,} is at {x:g}, {y:g}.", f"Places are numbers up to {LARGEST:g}.")
    return stroke


def check_size(strokes: Sequence[Array], where: str) -> list[Array]:
    """The strokes; too many points in all are a `Mistake`."""
    if (total := sum(map(len, strokes))) > MOST_POINTS:
        what = f"{where}: a drawing has {total:,} points, and at most {MOST_POINTS:,} are read."
        raise Mistake(what, "Is it one drawing? Split it, or record fewer points a second.")
    return list(strokes)


def text_of(value: object, where: str, name: str = "text") -> str | None:
    """A text of a file; None if it is missing or blank, a `Mistake` if it is no text."""
    if value is None:
        return None
    if not isinstance(value, str) or holds_surrogates(value):
        raise Mistake(f"{where}: '{name}' is not a text.", f'Write it as "{name}": "…", or leave it out.')
    return " ".join(value.split()) or None
