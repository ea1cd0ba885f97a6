"""A series on its grid of steps, and a table of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from unspool.series.steps import TimeStep
from unspool.types import Array


def bridged(values: Array) -> Array:
    """Values `[T]` with a straight line over each gap, and level before the first and after the last."""
    present = np.flatnonzero(~np.isnan(values))
    whole: Array = np.interp(np.arange(len(values)), present, values[present])
    return whole


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """One series of T values.

    name:   its `unique_id`
    values: `[T]` float64, NaN where a step is missing; the last one is not missing
    start:  the time stamp of the first value, a whole number or a date
    step:   how far apart values are
    past:   `[T, P]` covariates that are known up to now
    known:  `[T + M, C]` covariates that are known in advance, for M steps after the last value
    """

    name: str
    values: Array
    start: np.generic
    step: TimeStep
    past: Array
    known: Array

    def __len__(self) -> int:
        """T."""
        return len(self.values)

    def stamps(self, first: int, count: int) -> Array:
        """The time stamps of `count` steps from number `first` on, which may be in the future."""
        return self.step.stamps(self.start, np.arange(first, first + count))

    def until(self, end: int) -> Series:
        """The series as it was known after its first `end` values; known covariates stay."""
        return Series(self.name, self.values[:end], self.start, self.step, self.past[:end], self.known)


@dataclass(frozen=True, slots=True)
class SeriesTable:
    """Series with the same covariates.

    past, known: the names of the covariates
    messages:    what a person should know about how they were read
    """

    series: Sequence[Series]
    past: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    messages: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        """The number of series."""
        return len(self.series)
