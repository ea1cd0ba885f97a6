"""A drawing: the way of a pen, and what it writes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from unspool.types import Array


@dataclass(frozen=True, slots=True)
class Drawing:
    """One drawing: a line of writing, a character, a sketch. x grows to the right and y downwards.

    points: `[S, 3]` float64: the step dx, dy to a point, and pen_up, 1 if the pen is lifted after it, else 0.
            S is 0 if nothing is drawn
    text:   what is written; None if that is not known
    style:  whose hand or which font it is; None if that is not known
    name:   where it is from, for messages: a file, and a place in it
    """

    points: Array
    text: str | None = None
    style: str | None = None
    name: str = ""

    def strokes(self) -> list[Array]:
        """See `to_strokes`."""
        return to_strokes(self.points)


def to_points(strokes: Iterable[Array]) -> Array:
    """Strokes `[n, 2]` of places as points `[S, 3]`; the first step is 0, 0, and empty strokes are left out."""
    drawn = [np.asarray(stroke, dtype=np.float64) for stroke in strokes if len(stroke)]
    if not drawn:
        return np.zeros((0, 3))
    places = np.concatenate(drawn)
    lifted = np.zeros((len(places), 1))
    lifted[np.cumsum([len(stroke) for stroke in drawn]) - 1] = 1
    steps = np.diff(places, axis=0, prepend=places[:1])
    return np.concatenate([steps, lifted], axis=1)


def to_strokes(points: Array) -> list[Array]:
    """Points `[S, 3]` as strokes `[n, 2]` of places; the pen starts at the first point's step from 0, 0."""
    if not len(points):
        return []
    places = np.cumsum(np.asarray(points[:, :2], dtype=np.float64), axis=0)
    ends = np.flatnonzero(points[:, 2] > 0.5) + 1
    return [stroke for stroke in np.split(places, ends) if len(stroke)]


def arc_lengths(strokes: Sequence[Array]) -> Array:
    """`[ΣS - strokes]` the length of each piece that the pen draws."""
    pieces = [np.hypot(*np.diff(stroke, axis=0).T) for stroke in strokes]
    return np.concatenate(pieces) if pieces else np.zeros(0)
