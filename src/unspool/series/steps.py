"""How far apart the values of a series are: a step of whole numbers, of seconds, or of months.

Each kind numbers time stamps from a start, says which stamp has a number, and knows the usual seasons. Time stamps are
whole numbers `int64`, or dates `datetime64[s]` without a time zone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from unspool.types import Array

MINUTE, HOUR, DAY = 60, 3600, 86_400
WEEK = 7 * DAY
# Seasons in seconds that a step may divide: a day and a week for what is measured within days, a year for the rest.
YEAR = 365.25 * DAY
# The longest season that is looked for, in steps.
LONGEST = 1500


class TimeStep(Protocol):
    """A kind of step."""

    def positions(self, stamps: Array) -> Array:
        """The number `[n]` of each stamp, counted from the first; not whole where a stamp is off the grid."""
        ...

    def stamps(self, start: np.generic, numbers: Array) -> Array:
        """The stamps with these numbers, counted from `start`."""
        ...

    @property
    def seasons(self) -> tuple[int, ...]:
        """The usual seasons in steps, the shortest first; empty if the step does not tell."""
        ...

    @property
    def name(self) -> str:
        """For people."""
        ...


@dataclass(frozen=True, slots=True)
class NumberStep:
    """Whole numbers, `size` apart."""

    size: int

    def positions(self, stamps: Array) -> Array:
        """See `TimeStep`."""
        numbers: Array = (stamps - stamps[0]) / self.size
        return numbers

    def stamps(self, start: np.generic, numbers: Array) -> Array:
        """See `TimeStep`."""
        found: Array = np.asarray(start, dtype=np.int64) + numbers * self.size
        return found

    @property
    def seasons(self) -> tuple[int, ...]:
        """None are known."""
        return ()

    @property
    def name(self) -> str:
        """The distance."""
        return f"{self.size:,}"


@dataclass(frozen=True, slots=True)
class SecondStep:
    """Dates, `size` seconds apart."""

    size: int

    def positions(self, stamps: Array) -> Array:
        """See `TimeStep`."""
        numbers: Array = (stamps - stamps[0]).astype(np.int64) / self.size
        return numbers

    def stamps(self, start: np.generic, numbers: Array) -> Array:
        """See `TimeStep`."""
        found: Array = np.asarray(start, dtype="datetime64[s]") + (numbers * self.size).astype("timedelta64[s]")
        return found

    @property
    def seasons(self) -> tuple[int, ...]:
        """A day and a week if a day has several steps; a week of days; a year of weeks."""
        spans = (DAY, WEEK) if self.size < DAY else (WEEK,) if self.size == DAY else (YEAR,)
        lengths = [round(span / self.size) for span in spans]
        return tuple(length for length in lengths if 2 <= length <= LONGEST)

    @property
    def name(self) -> str:
        """The distance in its largest whole unit."""
        units = {"week": WEEK, "day": DAY, "hour": HOUR, "minute": MINUTE, "second": 1}
        unit = next(unit for unit, seconds in units.items() if self.size % seconds == 0)
        count = self.size // units[unit]
        return unit if count == 1 else f"{count:,} {unit}s"


@dataclass(frozen=True, slots=True)
class MonthStep:
    """Dates, `size` months apart, each on the same day of its month, or on the last one."""

    size: int
    last_day: bool = False

    def positions(self, stamps: Array) -> Array:
        """See `TimeStep`."""
        numbers: Array = (months_of(stamps) - months_of(stamps[:1])) / self.size
        return numbers

    def stamps(self, start: np.generic, numbers: Array) -> Array:
        """See `TimeStep`."""
        first = np.asarray(start, dtype="datetime64[s]")
        months = first.astype("datetime64[M]") + (numbers * self.size).astype("timedelta64[M]")
        within = first - first.astype("datetime64[M]").astype("datetime64[s]")
        last = ((months + 1).astype("datetime64[D]") - 1).astype("datetime64[s]")
        found: Array = last if self.last_day else months.astype("datetime64[s]") + within
        return found

    @property
    def seasons(self) -> tuple[int, ...]:
        """A year."""
        return (12 // self.size,) if self.size < 12 and 12 % self.size == 0 else ()

    @property
    def name(self) -> str:
        """The distance in its largest whole unit."""
        units = {"year": 12, "quarter": 3, "month": 1}
        unit = next(unit for unit, months in units.items() if self.size % months == 0)
        count = self.size // units[unit]
        return unit if count == 1 else f"{count:,} {unit}s"


def step_of(stamps: Array) -> TimeStep | None:
    """The step of sorted, different stamps `[n]`; None if there are fewer than two.

    Dates on one day of their months, or on the last one, are months apart; otherwise the commonest distance counts.
    """
    if len(stamps) < 2:
        return None
    if stamps.dtype.kind != "M":
        return NumberStep(_commonest(np.diff(stamps)))
    seconds = np.diff(stamps).astype(np.int64)
    days = (stamps - stamps.astype("datetime64[M]").astype("datetime64[s]")).astype(np.int64) // DAY
    last = _are_last_days(stamps)
    if seconds.min() >= 28 * DAY and (last or (days == days[0]).all()):
        return MonthStep(_commonest(np.diff(months_of(stamps))), last)
    return SecondStep(_commonest(seconds))


def months_of(stamps: Array) -> Array:
    """Months since January 1970."""
    return stamps.astype("datetime64[M]").astype(np.int64)


def _are_last_days(stamps: Array) -> bool:
    next_day = stamps.astype("datetime64[D]") + 1
    return bool((next_day.astype("datetime64[M]").astype("datetime64[D]") == next_day).all())


def _commonest(distances: Array) -> int:
    """The commonest distance; of equally common ones the shortest."""
    values, counts = np.unique(distances, return_counts=True)
    return int(values[np.argmax(counts)])
