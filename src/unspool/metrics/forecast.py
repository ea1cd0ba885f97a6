"""A forecast beside what came: the input of the metrics of forecasts."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from unspool.types import Array


class JudgedForecast(NamedTuple):
    """One forecast of H steps of one series.

    actual:    `[H]` what came
    mean:      `[H]` the point forecast
    levels:    `[Q]` probabilities in rising order, such as 0.05, 0.5, 0.95
    quantiles: `[H, Q]` the forecast quantile of each level
    history:   `[T]` what was known; without missing values
    season:    steps of a season, 1 if there is none
    """

    actual: Array
    mean: Array
    levels: Array
    quantiles: Array
    history: Array
    season: int = 1

    @property
    def scale(self) -> float:
        """The mean absolute error of the seasonal naive forecast, one step ahead, over the history; 0 if constant.

        Hyndman & Koehler 2006: Another look at measures of forecast accuracy. The seasonal form is that of the M4
        competition. A history no longer than a season is differenced at a lag of 1.
        """
        lag = self.season if len(self.history) > self.season else 1
        changes = np.abs(self.history[lag:] - self.history[:-lag])
        return float(changes.mean()) if len(changes) else 0.0

    def scaled(self, errors: float) -> list[float]:
        """An outcome `[2]`: errors over the scale, and 1; both 0 if the history is constant, which has no scale."""
        scale = self.scale
        return [errors / scale, 1.0] if scale > 0 else [0.0, 0.0]
