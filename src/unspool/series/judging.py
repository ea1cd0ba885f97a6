"""Rolling-origin evaluation: forecasts from several points of the past, beside what came.

Tashman 2000: Out-of-sample tests of forecasting accuracy. Rivals get the same histories, with a straight line
over each gap, because they know no missing steps.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np

from unspool.errors import Mistake
from unspool.metrics.evaluation import Evaluation
from unspool.metrics.forecast import JudgedForecast
from unspool.metrics.report import Figures, evaluate
from unspool.series.forecast import LEVELS, Forecast
from unspool.series.series import Series, bridged
from unspool.types import Array

METRICS = ("mase", "smape", "owa", "crps", "coverage", "width")

# Quantiles `[H, Q]` from a history `[T]`, the steps of a season, H, and the levels `[Q]`.
Method: TypeAlias = Callable[[Array, int, int, Array], Array]


def origins_of(series: Series, horizon: int, rolling: int, stride: int) -> list[int]:
    """The ends of histories of a series, the last one first: one horizon before its end, and each a stride earlier."""
    last = len(series) - horizon
    return list(range(last, 1, -stride)[:rolling])


def histories(
    series: Sequence[Series], horizon: int, rolling: int = 1, stride: int | None = None
) -> tuple[list[Series], list[Array]]:
    """Histories and what came after each, `[H]`; where steps are missing in what came, there is none.

    stride: steps between two histories of a series; default: the horizon. Nothing to evaluate is a `Mistake`.
    """
    known, came = list[Series](), list[Array]()
    for one in series:
        for end in origins_of(one, horizon, rolling, stride or horizon):
            future = one.values[end : end + horizon]
            if not np.isnan(future).any() and not np.isnan(one.values[end - 1]):
                known.append(one.until(end))
                came.append(future)
    if not known:
        what = f"No series has {horizon:,} steps without a gap at its end, so nothing can be evaluated."
        raise Mistake(what, "Give longer series, or a smaller --horizon.")
    return known, came


def judged(history: Series, came: Array, forecast: Forecast, season: int) -> JudgedForecast:
    """A forecast beside what came; its point is the median."""
    return JudgedForecast(came, forecast.median, LEVELS, forecast.quantiles, bridged(history.values), season)


def rival_forecasts(method: Method, known: Sequence[Series], seasons: Sequence[int], horizon: int) -> list[Forecast]:
    """The forecast of a method without a network from each history."""
    found = []
    for history, season in zip(known, seasons, strict=True):
        values = bridged(history.values)  # so that a season ago is a season ago
        stamps = history.stamps(len(history), horizon)
        found.append(Forecast(history.name, stamps, method(values, season, horizon, LEVELS)))
    return found


def figures_of(
    known: Sequence[Series], came: Sequence[Array], forecasts: Sequence[Forecast], seasons: Sequence[int]
) -> Figures:
    """The metrics of forecasts, with 95 % intervals."""
    rows = [judged(*one) for one in zip(known, came, forecasts, seasons, strict=True)]
    return evaluate(Evaluation(forecasts=rows), METRICS)
