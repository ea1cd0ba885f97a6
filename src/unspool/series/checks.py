"""What must hold of one series in a table: sorted different time stamps, whole steps, finite numbers."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from unspool.errors import Mistake
from unspool.series.series import Series
from unspool.series.stamps import shown
from unspool.series.steps import NumberStep, TimeStep, step_of
from unspool.types import Array

# The most steps of a series for each of its values: one stamp that is far away must not fill the memory.
MOST_MISSING = 1000


class Rows(NamedTuple):
    """The rows of one series in the order of a table.

    stamps: `[n]`; values: `[n]`, NaN if a cell is empty; past `[n, P]` and known `[n, C]` covariates
    """

    stamps: Array
    values: Array
    past: Array
    known: Array


def series_of(name: str, rows: Rows, *, past: tuple[str, ...] = (), known: tuple[str, ...] = ()) -> Series | None:
    """A series on its grid, with NaN for steps that have no row; None if it has fewer than two values.

    Rows after the last value are the future, for which only known covariates count.
    Unsorted or repeated stamps, steps of different lengths, infinite numbers, and missing covariates are a `Mistake`.
    """
    _check_order(name, rows.stamps)
    _check_finite(name, rows)
    present = np.flatnonzero(~np.isnan(rows.values))
    if len(present) < 2:
        return None
    step = step_of(rows.stamps)
    assert step is not None
    places = _places(name, rows.stamps, step)
    first, last = int(places[present[0]]), int(places[present[-1]])
    values = _spread(rows.values[:, None], places, first, last)[:, 0]
    series = Series(
        name, values, rows.stamps[present[0]], step,
        _spread(rows.past, places, first, last), _spread(rows.known, places, first, int(places[-1])),
    )  # fmt: skip
    _check_covariates(series, past, known)
    return series


def missing_steps(series: Series) -> int:
    """The number of steps without a value."""
    return int(np.isnan(series.values).sum())


def _check_order(name: str, stamps: Array) -> None:
    distances = np.diff(stamps).astype(np.int64)
    if len(repeated := np.flatnonzero(distances == 0)):
        what = f"Series '{name}' has two values at {shown(stamps[repeated[0]])}."
        raise Mistake(what, "Give each time stamp of a series one row, for example the mean of both.")
    if len(back := np.flatnonzero(distances < 0)):
        before, after = shown(stamps[back[0]]), shown(stamps[back[0] + 1])
        raise Mistake(f"Series '{name}' is not in order: {after} comes after {before}.", "Sort it by ds.")


def _check_finite(name: str, rows: Rows) -> None:
    numbers = np.concatenate([rows.values[:, None], rows.past, rows.known], axis=1)
    if len(wrong := np.flatnonzero(np.isinf(numbers).any(axis=1))):
        what = f"Series '{name}' has an infinite number at {shown(rows.stamps[wrong[0]])}."
        raise Mistake(what, "Give finite numbers, or leave the cell empty if the value is not known.")


def _places(name: str, stamps: Array, step: TimeStep) -> Array:
    """The number of each row on the grid of steps."""
    numbers = step.positions(stamps)
    whole = np.rint(numbers)
    if len(off := np.flatnonzero(np.abs(numbers - whole) > 1e-9)):
        share = f"{len(off):,} of {len(stamps):,} time stamps"
        what = f"Series '{name}' is irregular: {share} are not whole steps of {step.name} after the first, such as"
        raise Mistake(f"{what} {shown(stamps[off[0]])}.", "Bring it to equal steps, for example by means over them.")
    if isinstance(step, NumberStep) and step.size < 1:
        raise AssertionError(step)
    if whole[-1] > MOST_MISSING * len(stamps):
        what = f"Series '{name}' has {len(stamps):,} rows for {whole[-1]:,.0f} steps of {step.name}."
        raise Mistake(what, f"Is {shown(stamps[-1])} right?")
    places: Array = whole.astype(np.int64)
    return places


def _spread(rows: Array, places: Array, first: int, last: int) -> Array:
    """Rows `[n, C]` at their places from `first` to `last`, NaN between them."""
    inside = (places >= first) & (places <= last)
    spread = np.full((last - first + 1, rows.shape[1]), np.nan)
    spread[places[inside] - first] = rows[inside]
    return spread


def _check_covariates(series: Series, past: tuple[str, ...], known: tuple[str, ...]) -> None:
    """Refuse covariates that are missing where the series has a value, or known ones in the future."""
    present = ~np.isnan(series.values)
    for names, columns in ((past, series.past), (known, series.known)):
        needed = np.ones(len(columns), dtype=bool)
        needed[: len(present)] = present
        holes = np.isnan(columns) & needed[:, None]
        if holes.any():
            row, column = (int(place) for place in np.argwhere(holes)[0])
            stamp = shown(series.stamps(row, 1)[0])
            what = f"Series '{series.name}' has no value of the covariate '{names[column]}' at {stamp}."
            raise Mistake(what, "Fill it in, or leave the column out of series.past and series.known.")
