"""How much a figure, or the difference of two, would vary with other test examples: the bootstrap (Efron 1979).

Koehn (2004) introduced it to translation. Examples are drawn with replacement, as many as there are, and the
figure is computed from each draw. That takes nothing of a metric but outcomes and how their sums become a figure.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from unspool.metrics.metric import Metric
from unspool.types import Array

RESAMPLES = 1000
SEED = 1


class PairedTest(NamedTuple):
    """How two systems differ on the same examples.

    difference: the first one's figure less the second one's
    interval:   its 95 % interval
    p:          how often a difference as large would come about by chance, if there were none
    """

    difference: float
    interval: tuple[float, float]
    p: float


def resampled_sums(outcomes: Array, *, resamples: int = RESAMPLES, seed: int = SEED) -> Array:
    """Sums `[resamples, C]` of outcomes `[N, C]` over as many examples drawn with replacement.

    Equal N and seed draw the same examples. Holds one draw at a time, so memory grows with N and not with N times the
    resamples.
    """
    count = len(outcomes)
    values = np.asarray(outcomes, dtype=np.float64)
    random = np.random.default_rng(seed)
    sums = np.empty((resamples, values.shape[1]))
    for row in sums:
        row[:] = np.bincount(random.integers(count, size=count), minlength=count) @ values
    return sums


def interval(metric: Metric, outcomes: Array, *, resamples: int = RESAMPLES, seed: int = SEED) -> tuple[float, float]:
    """The 95 % percentile interval of a metric's figure, from outcomes `[N, C]`, N at least 1."""
    low, high = _percentiles(metric.aggregate(resampled_sums(outcomes, resamples=resamples, seed=seed)))
    return metric.scale * low, metric.scale * high


def paired(metric: Metric, one: Array, other: Array, *, resamples: int = RESAMPLES, seed: int = SEED) -> PairedTest:
    """The paired bootstrap test of two systems' outcomes, `[N, C]` and `[N, C']`, of the same examples in one order.

    Both are computed from the same draws. Were the systems alike, differences would scatter around zero as these
    scatter around their mean (Noreen 1989, the shift method): p = (1 + #{|d − mean(d)| ≥ |difference|}) / (1 + draws).
    Few examples scatter too little: with ten, p is below 0.05 for about 8 % of equal systems instead of 5 %.
    """
    assert len(one) == len(other), (len(one), len(other))
    difference = metric.value(one) - metric.value(other)
    figures = [metric.aggregate(resampled_sums(side, resamples=resamples, seed=seed)) for side in (one, other)]
    draws = metric.scale * (figures[0] - figures[1])
    as_large = np.abs(draws - draws.mean()) >= abs(difference)
    return PairedTest(difference, _percentiles(draws), float((1 + as_large.sum()) / (1 + resamples)))


def _percentiles(values: Array) -> tuple[float, float]:
    """The middle 95 % of some values."""
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)
