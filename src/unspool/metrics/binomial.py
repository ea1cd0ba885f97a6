"""The exact interval of a share of N independent examples (Clopper and Pearson 1934)."""

from __future__ import annotations

import numpy as np

from unspool.types import Array

# Each halves the interval in which an end is searched; 50 leave less than the precision of float64.
HALVINGS = 50


def clopper_pearson(right: int, count: int, level: float = 0.95) -> tuple[float, float]:
    """The lowest and the highest share under which `right` of `count` examples is not improbable, at least 1 of them.

    It holds the true share in at least 95 % of all samples, whatever that share is. Its ends differ, also with none
    right or all.
    """
    low, high = (_lower_end(hits, count, (1 - level) / 2) for hits in (right, count - right))
    return low, 1 - high


def _lower_end(right: int, count: int, tail: float) -> float:
    """The share under which at least `right` hits have the probability `tail`; 0 if there are no hits."""
    if not right:
        return 0.0
    hits = np.arange(count + 1)
    ways = _log_ways(count)[right:]
    low, high = 0.0, 1.0
    for _ in range(HALVINGS):
        share = (low + high) / 2
        log_probs = ways + hits[right:] * np.log(share) + (count - hits[right:]) * np.log1p(-share)
        low, high = (low, share) if np.exp(log_probs).sum() > tail else (share, high)
    return (low + high) / 2


def _log_ways(count: int) -> Array:
    """`[count + 1]`: the logarithm of the number of ways to choose 0, 1, … of `count`."""
    factorials = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, count + 1)))])
    ways: Array = factorials[-1] - factorials - factorials[::-1]
    return ways
