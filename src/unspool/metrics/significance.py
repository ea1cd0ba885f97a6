"""The bootstrap (Efron 1979): how much a figure, or a difference of two, would vary with other test examples.

Koehn (2004) introduced it to translation. N of the N examples are drawn with replacement, and the figure is computed
from each draw. This needs only the outcomes of a metric and its function of their sums.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from unspool.metrics.metric import Metric
from unspool.types import Array

RESAMPLES = 1000
SEED = 1


class PairedTest(NamedTuple):
    """The difference of two systems on the same examples.

    difference: the first one's figure minus the second one's
    interval:   its 95 % interval
    p:          the probability of a difference at least as large by chance, if the systems were equal
    """

    difference: float
    interval: tuple[float, float]
    p: float


def resampled_sums(outcomes: Array, *, resamples: int = RESAMPLES, seed: int = SEED) -> Array:
    """Sums `[resamples, C]` of outcomes `[N, C]` over N examples drawn with replacement.

    Equal N and random seed draw the same examples. Only one draw is in memory at a time, so memory grows with N and
    not with N times the resamples.
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

    Both are computed from the same draws. If the systems were equal, differences would vary around zero as these vary
    around their mean (Noreen 1989, the shift method): p = (1 + #{|d − mean(d)| ≥ |difference|}) / (1 + draws).
    With few examples the variation is too small: with ten, p is below 0.05 for about 8 % of equal systems, not 5 %.
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
