"""Quality against source length, and the test items on which two systems differ most."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from unspool.compare.analysis import System
from unspool.metrics.metric import Metric
from unspool.types import Array

# Groups of test sources of similar length, and the fewest sources of a group.
GROUPS, FEWEST = 6, 12


class LengthGroup(NamedTuple):
    """Test items whose sources have from `shortest` to `longest` symbols; middle: the mean of their lengths."""

    shortest: int
    longest: int
    middle: float
    items: Array


def length_groups(lengths: Sequence[int]) -> list[LengthGroup]:
    """Groups of about equal size, shortest first; equal lengths are never separated. Empty with too few items."""
    known = np.array(lengths, dtype=np.int64)
    count = min(GROUPS, len(known) // FEWEST)
    if count < 2:
        return []
    ends = np.unique(np.quantile(known, np.arange(1, count) / count, method="lower"))
    numbers = np.searchsorted(ends, known)
    groups = [np.flatnonzero(numbers == number) for number in range(len(ends) + 1)]
    return [
        LengthGroup(int(known[items].min()), int(known[items].max()), float(known[items].mean()), items)
        for items in groups
        if len(items)
    ]


def value_of(system: System, metric: Metric, items: Array) -> float:
    """A system's mean figure on some of the items."""
    return float(np.mean([metric.value(rows[items]) for rows in system.outcomes(metric.name)]))


def where_better(one: System, other: System, metric: Metric, most: int) -> list[int]:
    """The items on which the first run of `one` is better than that of `other`, the largest differences first."""
    if not one.runs[0].answers or not other.runs[0].answers:
        return []
    mine, theirs = (metric.aggregate(system.runs[0].outcome(metric.name)) for system in (one, other))
    gain = metric.direction * (mine - theirs)
    order = np.argsort(-gain, kind="stable")[:most]
    return [int(number) for number in order if gain[number] > 0]
