"""Smooth curves through the points of a stroke, with its sharp corners kept."""

from __future__ import annotations

import numpy as np

from unspool.types import Array

# Where a pen turns by more than this, it has stopped: the curve has a corner there.
CORNER = np.cos(np.radians(75))
# A stroke of one point is drawn as a line of this many millimetres, which round caps make a dot.
DOT = 0.3


def controls(stroke: Array) -> Array:
    """`[n-1, 2, 2]` the two control points of a cubic curve from each point of a stroke `[n, 2]` to the next.

    A cardinal spline: at a point the curve runs as the line through its neighbours, a third of the way to each.
    """
    steps = np.diff(stroke, axis=0)
    lengths = np.hypot(*steps.T)
    directions = steps / np.maximum(lengths, 1e-9)[:, None]
    tangents = np.zeros_like(stroke)
    sums = directions[1:] + directions[:-1]
    turns = (directions[1:] * directions[:-1]).sum(1)
    norms = np.maximum(np.hypot(*sums.T), 1e-9)[:, None]
    tangents[1:-1] = np.where((turns > CORNER)[:, None], sums / norms, 0.0)
    reach = lengths[:, None] / 3
    ahead = np.where(np.any(tangents[:-1], axis=1, keepdims=True), tangents[:-1], directions)
    behind = np.where(np.any(tangents[1:], axis=1, keepdims=True), tangents[1:], directions)
    return np.stack([stroke[:-1] + ahead * reach, stroke[1:] - behind * reach], axis=1)
