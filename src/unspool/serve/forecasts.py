"""Forecasts behind HTTP: from the table of a request to the forecasts of its series as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from unspool.errors import Mistake
from unspool.forecasts.forecaster import Forecaster
from unspool.plural import counted
from unspool.series.forecast import Forecast, as_json_objects
from unspool.series.series import Series
from unspool.series.stamps import shown
from unspool.serve.failures import Failure
from unspool.serve.job import Forecasting, ForecastReady

# Steps of history that are sent back for each step of a forecast.
BEFORE = 4
# Values above it have no squares.
LARGEST = 1e100


def forecast_table(forecaster: Forecaster, history: Any, asked: Forecasting) -> ForecastReady:
    """The forecasts of all series of a table, as JSON; a table that breaks a rule is a `Mistake`."""
    table = forecaster.read(history)
    if len(table) > asked.most:
        what = f"A request may have {counted(asked.most, 'series', 'series')}, and this one has {len(table):,}."
        raise Failure(413, what, "Send them in several requests.")
    for one in table.series:
        if np.nanmax(np.abs(one.values)) > LARGEST:
            raise Mistake(f"The values of series '{one.name}' are too large.", "Give them in larger units.")
    series, short = forecaster.long_enough(table.series)
    found = forecaster.forecast(series, asked.horizon)
    for forecast in found:
        if not np.isfinite(forecast.quantiles).all():
            raise Mistake(f"The forecast of series '{forecast.name}' is too large.", "Are its values right?")
    return ForecastReady(_with_histories(series, found), [*table.messages, *short])


def _with_histories(series: Sequence[Series], forecasts: Sequence[Forecast]) -> list[dict[str, Any]]:
    objects = as_json_objects(forecasts)
    return [one | {"history": _end(own, len(one["ds"]))} for one, own in zip(objects, series, strict=True)]


def _end(series: Series, steps: int) -> dict[str, Any]:
    """The end of a series, as long as a picture of its forecast needs."""
    count = min(len(series), BEFORE * steps)
    first = len(series) - count
    return {"ds": [shown(stamp) for stamp in series.stamps(first, count)], "y": series.values[first:].tolist()}
