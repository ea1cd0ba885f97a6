"""A forecast of one series: quantiles at each future step, as rows of a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np

from unspool.series.stamps import shown
from unspool.types import Array

# The ends of intervals of 90, 80, 60, 40 and 20 %, and the median.
LEVELS = np.array([0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95])
MIDDLE = len(LEVELS) // 2
# Significant digits of a number in a CSV.
DIGITS = 7


class Forecast(NamedTuple):
    """A forecast of H steps.

    name:      the series' `unique_id`
    stamps:    `[H]` whole numbers or dates
    quantiles: `[H, Q]` at `LEVELS`
    """

    name: str
    stamps: Array
    quantiles: Array

    @property
    def median(self) -> Array:
        """`[H]`, the forecast with the least absolute error."""
        return self.quantiles[:, MIDDLE]

    @property
    def mean(self) -> Array:
        """`[H]` the integral over the quantiles."""
        return self.quantiles @ shares()


def shares() -> Array:
    """The share of (0, 1) that is nearest to each level, `[Q]`."""
    return np.diff(np.r_[0.0, (LEVELS[1:] + LEVELS[:-1]) / 2, 1.0])


def column_names() -> list[str]:
    """`unique_id`, `ds`, `mean`, `q05`, …, `q95`."""
    return ["unique_id", "ds", "mean", *(f"q{round(100 * level):02}" for level in LEVELS)]


def columns_of_forecasts(forecasts: Iterable[Forecast]) -> dict[str, list[Any]]:
    """The columns of a table of forecasts, of which a data frame can be made."""
    columns: dict[str, list[Any]] = {name: [] for name in column_names()}
    for one in forecasts:
        numbers = np.concatenate([one.mean[:, None], one.quantiles], axis=1).tolist()
        for stamp, row in zip(one.stamps, numbers, strict=True):
            for name, cell in zip(columns, (one.name, shown(stamp), *row), strict=True):
                columns[name].append(cell)
    return columns


def as_csv(columns: dict[str, list[Any]]) -> str:
    """Columns as a CSV with a header."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_cell(cell) for cell in row] for row in zip(*columns.values(), strict=True))
    return text.getvalue()


def as_json_objects(forecasts: Sequence[Forecast]) -> list[dict[str, Any]]:
    """An object for each forecast: `unique_id`, `ds`, `mean`, and each quantile."""
    found = []
    for one in forecasts:
        columns = columns_of_forecasts([one])
        found.append({**columns, "unique_id": one.name})
    return found


def _cell(cell: Any) -> str:
    return f"{cell:.{DIGITS}g}" if isinstance(cell, float) else str(cell)
