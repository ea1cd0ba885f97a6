"""Exponential smoothing with a damped trend and a season, by a library: the usual method where series are few.

Hyndman, Koehler, Ord, Snyder 2008: Forecasting with Exponential Smoothing. Errors, trend and season are additive; the
parameters are those of the largest likelihood, and the intervals are those of the model.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from unspool.distributions.normal import normal_quantile
from unspool.errors import MissingExtra
from unspool.rivals import seasonal_naive
from unspool.types import Array

# The fewest values for a trend, and seasons for a season; the most values that are read.
TREND, SEASONS, MOST = 12, 3, 1500


def forecast(history: Array, season: int, horizon: int, levels: Array) -> Array:
    """Quantiles `[H, Q]` from a history `[T]`; a history that it cannot be fitted to is continued seasonally."""
    history = history[-MOST:]
    if len(history) < TREND or np.ptp(history) == 0:
        return seasonal_naive.forecast(history, season, horizon, levels)
    seasonal = season > 1 and len(history) >= SEASONS * season
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that the search for the parameters ended early
        fitted = _model(history, season if seasonal else 1).fit(disp=False)
        predicted = fitted.get_prediction(start=len(history), end=len(history) + horizon - 1)
        mean, variance = np.asarray(predicted.predicted_mean), np.asarray(predicted.forecast_variance)
    found: Array = mean[:, None] + np.sqrt(np.maximum(variance, 0))[:, None] * normal_quantile(levels)
    return found if np.isfinite(found).all() else seasonal_naive.forecast(history, season, horizon, levels)


def _model(history: Array, season: int) -> Any:
    model, as_series = _library()
    return model(
        as_series(history),
        error="add",
        trend="add",
        damped_trend=True,
        seasonal="add" if season > 1 else None,
        seasonal_periods=season if season > 1 else None,
        initialization_method="heuristic",
    )


def _library() -> tuple[Any, Any]:
    """The model, and what its data must be."""
    try:
        from pandas import Series  # the library's predictions need its index
        from statsmodels.tsa.exponential_smoothing.ets import ETSModel
    except ImportError:
        raise MissingExtra("Exponential smoothing", "forecast") from None
    return ETSModel, Series
