"""The scale of one window, so that one network serves series of any level and size.

What is read is centred and divided by its mean distance from the centre. What is written is the difference from a
simple path into the future, the last season repeated, divided by the error that such a path had within the window.
So a network that writes zeros is the seasonal naive forecast, and one unit is an error of the usual size.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from unspool.types import Array

# A spread or an error is at least these shares of the centre and of the spread.
LEAST_SPREAD, LEAST_ERROR = 1e-6, 1e-2
# Numbers of steps ahead at which the error of a simple path is measured.
MEASURED = 8


@dataclass(frozen=True, slots=True, eq=False)
class WindowScale:
    """The scale of one window.

    centre, spread: mean, and mean distance from it
    season:         the steps after which the path repeats; 1 for the last value
    path:           `[H]` the simple path into the future
    error:          the usual error of such a path
    """

    centre: float
    spread: float
    season: int
    path: Array
    error: float

    def read(self, values: Array) -> Array:
        """Values as the network reads them."""
        scaled: Array = (values - self.centre) / self.spread
        return scaled

    def difference(self, future: Array) -> Array:
        """Values `[H]` of the future as the network writes them."""
        scaled: Array = (future - self.path) / self.error
        return scaled

    def restore(self, written: Array) -> Array:
        """The inverse of `difference`, for arrays `[H, ...]`."""
        path = self.path.reshape(-1, *(1,) * (written.ndim - 1))
        values: Array = path + self.error * written
        return values


class PathErrors:
    """The usual error of repeating the last value or the last season, within any window of a series.

    Sums up to each step are kept, so that a window costs the same however long it is.
    """

    def __init__(self, values: Array, seasons: Sequence[int], horizon: int) -> None:
        self.candidates = [1, *seasons]
        ahead = np.unique(np.linspace(1, horizon, MEASURED).round().astype(int))
        self._lags = {season: _lags(season, ahead, len(values)) for season in self.candidates}
        used = sorted({lag for lags in self._lags.values() for lag in lags})
        self._sums = {lag: _sums(values, lag) for lag in used}

    def best(self, first: int, end: int) -> tuple[int, float]:
        """Of the seasons that occur twice from step `first` up to `end`, and 1, the best one, and its mean error."""
        fitting = [season for season in self.candidates if season == 1 or 2 * season <= end - first]
        errors = [self._error(season, first, end) for season in fitting]
        best = int(np.argmin(errors))
        return fitting[best], errors[best]

    def _error(self, season: int, first: int, end: int) -> float:
        lags = [lag for lag in self._lags[season] if lag < end - first]
        means = [(self._sums[lag][end] - self._sums[lag][first + lag]) / (end - first - lag) for lag in lags]
        return float(sum(means) / len(means)) if means else 0.0


def scale_of(history: Array, season: int, error: float, horizon: int) -> WindowScale:
    """The scale of a history `[L]` whose last season of this length is repeated over the next `horizon` steps."""
    centre = float(history.mean())
    spread = max(float(np.abs(history - centre).mean()), LEAST_SPREAD * abs(centre)) or 1.0
    path = history[-season:][np.arange(horizon) % season]
    return WindowScale(centre, spread, season, path, max(error, LEAST_ERROR * spread))


def _lags(season: int, ahead: Array, length: int) -> list[int]:
    """How far back a repeated season looks from each number of steps ahead."""
    return [lag for lag in (season * -(-ahead // season)).tolist() if lag < length]


def _sums(values: Array, lag: int) -> Array:
    """`[T + 1]`: the sum of |y_t − y_{t − lag}| up to each step; missing steps count as nothing."""
    changes = np.zeros(len(values) + 1)
    changes[lag + 1 :] = np.nan_to_num(np.abs(values[lag:] - values[:-lag]))
    sums: Array = changes.cumsum()
    return sums
