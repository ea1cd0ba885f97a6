"""Comparisons of systems that were trained with several random seeds, and of many systems with each other."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import mean, stdev

import numpy as np

from unspool.metrics.metric import Metric
from unspool.metrics.significance import RESAMPLES, SEED, PairedTest, resampled_sums
from unspool.types import Array

# The 97.5 % quantile of Student's t distribution with 1, 2, … degrees of freedom; with more, it is about the last one.
STUDENT = (
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228,
    2.201, 2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086,
)  # fmt: skip


def paired_runs(
    metric: Metric, ones: Sequence[Array], others: Sequence[Array], *, resamples: int = RESAMPLES, seed: int = SEED
) -> PairedTest:
    """`significance.paired` for the mean figure of several runs of each system; all are of the same examples."""
    difference = mean(map(metric.value, ones)) - mean(map(metric.value, others))
    draws = metric.scale * (_draws(metric, ones, resamples, seed) - _draws(metric, others, resamples, seed))
    as_large = np.abs(draws - draws.mean()) >= abs(difference)
    low, high = np.percentile(draws, [2.5, 97.5])
    return PairedTest(difference, (float(low), float(high)), float((1 + as_large.sum()) / (1 + resamples)))


def seed_interval(figures: Sequence[float]) -> tuple[float, float] | None:
    """The 95 % interval of the mean over random seeds, by Student's t; None for a single one."""
    if len(figures) < 2:
        return None
    half = STUDENT[min(len(figures) - 1, len(STUDENT)) - 1] * stdev(figures) / math.sqrt(len(figures))
    return mean(figures) - half, mean(figures) + half


def holm(probabilities: Sequence[float]) -> list[float]:
    """p-values corrected for their number (Holm 1979), in the order in which they are given.

    The smallest of m is multiplied by m, the next by m − 1, and so on; none becomes smaller than the one before it.
    """
    corrected = [0.0] * len(probabilities)
    largest = 0.0
    for rank, number in enumerate(sorted(range(len(probabilities)), key=probabilities.__getitem__)):
        largest = max(largest, min(1.0, (len(probabilities) - rank) * probabilities[number]))
        corrected[number] = largest
    return corrected


def _draws(metric: Metric, runs: Sequence[Array], resamples: int, seed: int) -> Array:
    draws: Array = np.mean(
        [metric.aggregate(resampled_sums(run, resamples=resamples, seed=seed)) for run in runs], axis=0
    )
    return draws
