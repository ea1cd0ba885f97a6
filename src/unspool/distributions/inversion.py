"""Quantiles of a continuous distribution from its distribution function, by Newton's method between two bounds."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from unspool.types import Array

# Halving alone needs 60 steps for all digits of a double; Newton's steps need about ten.
MOST_STEPS = 60
PRECISION = 1e-13


def invert(
    cumulative: Callable[[Array], Array], density: Callable[[Array], Array], q: Array, low: Array, high: Array
) -> Array:
    """The x with `cumulative(x)` = q, between `low` and `high`, in float64; all arrays have one shape.

    A step of Newton's that leaves the bounds is replaced by their middle.
    """
    x: Array = 0.5 * (low + high)
    for _ in range(MOST_STEPS):
        excess = cumulative(x) - q
        low, high = np.where(excess < 0, x, low), np.where(excess < 0, high, x)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            following = x - excess / density(x)
        inside = (following > low) & (following < high)
        following = np.where(inside, following, 0.5 * (low + high))
        moved = np.abs(following - x) > PRECISION * np.maximum(1.0, np.abs(x))
        x = following
        if not moved.any():
            break
    return x
