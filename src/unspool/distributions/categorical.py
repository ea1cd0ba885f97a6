"""Drawing one of many classes from their log-probabilities.

In this order: log-probabilities are divided by the temperature; top-k keeps the k most probable classes; top-p keeps
the fewest most probable of these whose probabilities together reach p (Holtzman et al. 2020); one of the rest is drawn
in proportion to its probability.
"""

from __future__ import annotations

import numpy as np

from unspool.types import Array

# Classes in a block. The weights of blocks are summed first, and only one block is searched.
BLOCK = 256
# A lower temperature also draws the best class, and 1 / T must be finite in float32.
LEAST_TEMPERATURE = 1e-30


def temper(log_probs: Array, temperature: float) -> Array:
    """The weights for drawing from log-probabilities `[R, C]`: `exp((log p - max) / T)`, in the same type."""
    with np.errstate(over="ignore", invalid="ignore"):  # rows without any possible class, and temperatures near 0
        likely = np.exp((log_probs - log_probs.max(axis=1, keepdims=True)) / max(temperature, LEAST_TEMPERATURE))
    weights: Array = np.nan_to_num(likely, copy=False, nan=0.0)
    return weights


def keep_nucleus(weights: Array, p: float) -> Array:
    """Weights `[R, C]` with 0 for all except the fewest largest ones that together reach the share p of each row.

    Of equal weights the first is kept. All weights below (1 - p) / C of the total together have less than 1 - p of it,
    so the largest weights reach p without them, and only the others need to be sorted.
    """
    kept = np.zeros_like(weights)
    totals = weights.sum(axis=1, dtype=np.float64)
    for into, row, total in zip(kept, weights, totals, strict=True):
        columns = np.flatnonzero(row >= (1.0 - p) / len(row) * total * (1.0 - 1e-6))
        columns = columns[np.argsort(-row[columns], kind="stable")]
        largest = row[columns].astype(np.float64)
        inside = columns[np.cumsum(largest) - largest < p * total]
        into[inside] = row[inside]
    return kept


def draw(weights: Array, rows: Array, uniforms: Array) -> Array:
    """Columns `[P]`, drawn with uniform numbers `[P]` in [0, 1) from rows `[P]` of weights `[R, C]`.

    The cumulative weights of a row are in the order of its columns, in float64. A weight of 0 is never drawn, unless
    all weights are 0: then the last column is drawn.
    """
    starts = np.arange(0, weights.shape[1], BLOCK)
    edges = np.cumsum(np.add.reduceat(weights, starts, axis=1, dtype=np.float64), axis=1)
    return np.array([_draw(weights[row], edges[row], u) for row, u in zip(rows, uniforms, strict=True)], dtype=np.int64)


def _draw(weights: Array, edges: Array, uniform: float) -> int:
    """A column of one row; `edges` are the cumulative weights at the ends of its blocks. Finds the block first."""
    point = uniform * edges[-1]
    block = _first_above(edges, point)
    before = edges[block - 1] if block else 0.0
    inside = np.cumsum(weights[block * BLOCK : (block + 1) * BLOCK], dtype=np.float64)
    return block * BLOCK + _first_above(inside, point - before)


def _first_above(edges: Array, point: float) -> int:
    """The first of rising edges that is above a point; rounding may have moved the point up to the last edge."""
    point = min(point, np.nextafter(edges[-1], 0.0))
    return min(int(np.searchsorted(edges, point, side="right")), len(edges) - 1)
