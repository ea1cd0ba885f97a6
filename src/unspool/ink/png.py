"""A sheet as a PNG picture."""

from __future__ import annotations

import io

import numpy as np

from unspool.errors import MissingExtra
from unspool.ink.curves import DOT, controls
from unspool.ink.sheet import Sheet
from unspool.types import Array

ENDING = ".png"
DOTS_AN_INCH, MILLIMETRES_AN_INCH, POINTS_AN_INCH = 200, 25.4, 72
# Of a picture, so that a long text does not fill memory.
MOST_DOTS = 20_000


def write(sheet: Sheet) -> bytes:
    """The picture, at 200 dots an inch, or fewer if it would be too large."""
    try:
        from matplotlib.collections import PathCollection
        from matplotlib.figure import Figure
        from matplotlib.path import Path
    except ImportError:
        raise MissingExtra("Drawing a picture", "train") from None
    inches = sheet.width / MILLIMETRES_AN_INCH, sheet.height / MILLIMETRES_AN_INCH
    figure = Figure(figsize=inches, facecolor="white")
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, sheet.width), ylim=(sheet.height, 0))
    axes.axis("off")
    paths = [Path(places, codes) for places, codes in map(_curve, sheet.strokes)]
    width = sheet.pen / MILLIMETRES_AN_INCH * POINTS_AN_INCH
    axes.add_collection(
        PathCollection(paths, facecolors="none", edgecolors="#17202a", linewidths=width, capstyle="round",
                       joinstyle="round", transform=axes.transData)
    )  # fmt: skip
    content = io.BytesIO()
    figure.savefig(content, format="png", dpi=min(DOTS_AN_INCH, MOST_DOTS / max(inches)))
    return content.getvalue()


def _curve(stroke: Array) -> tuple[Array, list[int]]:
    """Vertices and codes of matplotlib's paths: 1 moves there, 2 draws a line, three times 4 draw a curve."""
    if len(stroke) == 1:
        return np.concatenate([stroke, stroke + np.array((DOT, 0.0))]), [1, 2]
    curves = np.concatenate([controls(stroke), stroke[1:, None]], axis=1).reshape(-1, 2)
    return np.concatenate([stroke[:1], curves]), [1] + [4] * len(curves)
