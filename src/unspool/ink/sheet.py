"""Lines of ink on a sheet of paper, in millimetres: one below the other, level, all of the same size."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from unspool.errors import Mistake
from unspool.ink.drawing import Drawing
from unspool.ink.evenness import estimated_height, line_slope, middles_of
from unspool.types import Array

# A line that is steeper was meant so.
STEEPEST = 0.35


@dataclass(frozen=True, slots=True)
class Paper:
    """How lines stand on a sheet, in millimetres.

    x_height:    of the letters
    line_height: from one line to the next
    margin:      on all four sides
    width, height: of the sheet; None: as the ink needs
    pen:         the width of the line that the pen draws
    """

    x_height: float = 3.0
    line_height: float = 12.0
    margin: float = 12.0
    width: float | None = None
    height: float | None = None
    pen: float = 0.4


PLAIN = Paper()


@dataclass(frozen=True, slots=True)
class Sheet:
    """Strokes `[n, 2]` in millimetres from the upper left corner, in the order in which they are written."""

    width: float
    height: float
    strokes: list[Array]
    pen: float
    title: str = ""


def wrapped(text: str, characters: int) -> list[str]:
    """The lines of a text, of at most so many characters, broken between words; its own ends of lines stay."""
    lines = [textwrap.wrap(line, characters) or [""] for line in text.splitlines()]
    return [part for line in lines for part in line]


def laid_out(lines: Sequence[Drawing | None], paper: Paper = PLAIN, x_height: float | None = None) -> Sheet:
    """Drawings as lines of a sheet; None is an empty line.

    x_height: of the ink in its own units; default: estimated from all of it
    Ink that does not fit a paper of a given size is a `Mistake`.
    """
    drawn = [line for line in lines if line is not None]
    scale = paper.x_height / (x_height or estimated_height(drawn))
    levelled = [[] if line is None else [stroke * scale for stroke in level(line.strokes())] for line in lines]
    rows = np.arange(len(lines)) * paper.line_height
    placed = [[stroke + np.array((0.0, row)) for stroke in line] for row, line in zip(rows, levelled, strict=True)]
    strokes = [stroke for line in placed for stroke in line]
    places = np.concatenate(strokes) if strokes else np.zeros((1, 2))
    low, high = places.min(0), places.max(0)
    # The first line stands where ascenders of its letters would end, even if it has none.
    top = min(float(low[1]), -1.5 * paper.x_height)
    bottom = max(float(high[1]), float(rows[-1] if len(rows) else 0) + 1.5 * paper.x_height)
    shift = np.array([paper.margin - min(0.0, float(low[0])), paper.margin - top])
    width = paper.width or float(high[0]) + shift[0] + paper.margin
    height = paper.height or bottom + shift[1] + paper.margin
    if wide := max(0.0, float(high[0]) + shift[0] - width, bottom + shift[1] - height):
        what = f"The ink is {wide:.0f} mm larger than the paper of {width:g} × {height:g} mm."
        raise Mistake(what, "Write less, in shorter lines or in smaller letters, or take larger paper.")
    title = "\n".join("" if line is None else line.text or "" for line in lines)
    return Sheet(round(width, 2), round(height, 2), [stroke + shift for stroke in strokes], paper.pen, title)


def level(strokes: Sequence[Array]) -> list[Array]:
    """Strokes turned so that their line is level; it starts at x = 0, and half of the ink is above y = 0."""
    middles, weights = middles_of(strokes)
    if not len(middles):
        first = strokes[0][:1] if strokes else np.zeros((1, 2))
        return [stroke - first for stroke in strokes]
    x, y = (middles - np.average(middles, axis=0, weights=weights)).T
    slope = line_slope(x, y, weights)
    angle = np.arctan(slope) if abs(slope) <= STEEPEST else 0.0
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    turned = middles @ turn
    order = np.argsort(turned[:, 1])
    half = np.searchsorted(np.cumsum(weights[order]), weights.sum() / 2)
    middle = turned[order[min(half, len(order) - 1)], 1]
    left = min(float((stroke @ turn)[:, 0].min()) for stroke in strokes)
    return [stroke @ turn - (left, middle) for stroke in strokes]
