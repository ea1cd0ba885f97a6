"""How much a figure would vary with other test sources: the bootstrap (Efron 1979; Koehn 2004 for translation)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from unspool.types import Array

RESAMPLES = 1000
SEED = 1


class Estimate(NamedTuple):
    """A figure in percent, its 95 % interval where one was asked for, and for some metrics how it was computed."""

    value: float
    interval: tuple[float, float] | None
    signature: str = ""


def resampled_sums(statistics: Array, *, resamples: int = RESAMPLES, seed: int = SEED) -> Array:
    """Sums `[resamples, C]` of per-source statistics `[N, C]` over as many sources drawn with replacement.

    Holds one draw at a time, so memory grows with N and not with N times the resamples.
    """
    count = len(statistics)
    values = np.asarray(statistics, dtype=np.float64)
    random = np.random.default_rng(seed)
    sums = np.empty((resamples, values.shape[1]))
    for row in sums:
        row[:] = np.bincount(random.integers(count, size=count), minlength=count) @ values
    return sums


def percentiles(values: Array) -> tuple[float, float]:
    """The middle 95 % of some values."""
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)


def bootstrap_interval(
    numerators: Array, denominators: Array | None = None, *, resamples: int = RESAMPLES, seed: int = SEED
) -> tuple[float, float]:
    """The 95 % percentile interval of sum(numerators) / sum(denominators) over resampled sources, as a share.

    numerators:   `[N]` one of each source, N at least 1
    denominators: `[N]` counts; None: one each. A sum of zero divides as one
    """
    below = np.ones(len(numerators)) if denominators is None else denominators
    sums = resampled_sums(np.stack([numerators, below], axis=1), resamples=resamples, seed=seed)
    return percentiles(sums[:, 0] / np.maximum(sums[:, 1], 1))


def ratio(
    numerators: Array, denominators: Array | None = None, *, resamples: int = RESAMPLES, seed: int = SEED
) -> Estimate:
    """sum(numerators) / sum(denominators) in percent; no resamples, no interval."""
    below = len(numerators) if denominators is None else denominators.sum()
    value = 100 * float(numerators.sum() / max(1, below))
    if not resamples:
        return Estimate(value, None)
    low, high = bootstrap_interval(numerators, denominators, resamples=resamples, seed=seed)
    return Estimate(value, (100 * low, 100 * high))
