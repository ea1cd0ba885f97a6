"""Points of one kind from every device: no repeated ones, evenly spaced, in units of a small x.

A tablet sends 200 points a second, a browser 60, and each in its own units. A network learns from how far the pen goes
from point to point, so these must mean the same everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from unspool.ink.drawing import Drawing, to_points
from unspool.types import Array

# From point to point, in heights of a small x: some 13 points a letter.
SPACING = 0.3
# A small x is this many times as high as the standard deviation of the ink's height, weighted by its length. It was
# measured on the upright fonts of `ink/hershey.py`.
HEIGHT_OF_SPREAD = 2.35
# A small x is at least this share of the larger side of a drawing: no line has some 300 letters.
LEAST = 1 / 400


@dataclass(frozen=True, slots=True)
class Evenness:
    """How the points of a file are spaced.

    x_height: the height of a small x in the units of the file; None if it has to be estimated
    even:     whether they are evenly spaced already
    """

    x_height: float | None = None
    even: bool = False


def made_even(drawings: Sequence[Drawing], evenness: Evenness, spacing: float = SPACING) -> list[Drawing]:
    """The drawings of a file in units of a small x, with evenly spaced points; spacing 0: with their own points."""
    height, apart = evenness.x_height or estimated_height(drawings), 0 if evenness.even else spacing
    return [replace(drawing, points=_even(drawing, height, apart)) for drawing in drawings]


def estimated_height(drawings: Sequence[Drawing]) -> float:
    """The height of a small x: the median over the drawings, each taken for a line of writing; 1 without any ink."""
    heights = [height for drawing in drawings if (height := _height(drawing.strokes())) > 0]
    return float(np.median(heights)) if heights else 1.0


def _height(strokes: Sequence[Array]) -> float:
    """Of one drawing. What is hardly spread, as a ruled line, is no writing, and gets a share of its width."""
    if not strokes:
        return 0.0
    extent = float(np.ptp(np.concatenate(strokes), axis=0).max())
    return max(HEIGHT_OF_SPREAD * spread(strokes), LEAST * extent)


def spread(strokes: Sequence[Array]) -> float:
    """The standard deviation of the ink's height, weighted by length, after a slope is taken away; 0 without a line."""
    middles, weights = middles_of(strokes)
    if not len(middles):
        return 0.0
    x, y = (middles - np.average(middles, axis=0, weights=weights)).T
    slope = line_slope(x, y, weights)
    return float(np.sqrt(np.average((y - slope * x) ** 2, weights=weights)))


def middles_of(strokes: Sequence[Array]) -> tuple[Array, Array]:
    """The middles `[P, 2]` of all drawn pieces, and their lengths `[P]`; pieces without a length are left out."""
    long = [stroke for stroke in strokes if len(stroke) > 1]
    if not long:
        return np.zeros((0, 2)), np.zeros(0)
    middles = np.concatenate([(stroke[1:] + stroke[:-1]) / 2 for stroke in long])
    lengths = np.concatenate([np.hypot(*np.diff(stroke, axis=0).T) for stroke in long])
    return middles[lengths > 0], lengths[lengths > 0]


def line_slope(x: Array, y: Array, weights: Array) -> float:
    """The slope of a line of writing from centred places; 0 where the ink is hardly wider than high."""
    width, height = np.average(x**2, weights=weights), np.average(y**2, weights=weights)
    return float(np.average(x * y, weights=weights) / width) if width > 4 * height else 0.0


def even_stroke(stroke: Array, spacing: float) -> Array:
    """A stroke `[n, 2]` with points about `spacing` apart; both ends stay. A dot, which is smaller, is one point."""
    lengths = np.hypot(*np.diff(stroke, axis=0).T)
    moved = np.concatenate([[True], lengths > 0])
    places, way = stroke[moved], np.concatenate([[0.0], np.cumsum(lengths[lengths > 0])])
    if np.ptp(stroke, axis=0).max() < spacing / 2:
        middle: Array = stroke.mean(0, keepdims=True)
        return middle
    at = np.linspace(0, way[-1], max(2, round(way[-1] / spacing) + 1))
    return np.stack([np.interp(at, way, places[:, axis]) for axis in (0, 1)], axis=1)


def _even(drawing: Drawing, height: float, spacing: float) -> Array:
    strokes = [stroke / height for stroke in drawing.strokes()]
    return to_points([even_stroke(stroke, spacing) for stroke in strokes] if spacing else strokes)
