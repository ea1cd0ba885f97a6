"""What a request for forecasts may ask for, checked before it waits."""

from __future__ import annotations

import time
from typing import Any

from unspool.errors import Mistake
from unspool.plural import counted
from unspool.serve.failures import Failure
from unspool.serve.forecast_schema import ForecastRequest
from unspool.serve.job import Forecasting, Inbox, Job
from unspool.serve.options import ServeOptions
from unspool.serve.served import Served


def forecast_job_of(asked: ForecastRequest, served: Served, options: ServeOptions, inbox: Inbox) -> Job:
    """A job with one source, the table; what is too much or not for this model is a `Failure` or a `Mistake`."""
    if served.horizon is None:
        what = f"The model '{served.name}' does not forecast series."
        raise Mistake(what, "Ask /v1/predict; or a model that has a 'horizon' in /v1/models.")
    if asked.horizon is not None and asked.horizon > served.horizon:
        trained = counted(served.horizon, "step", "steps")
        raise Mistake(f"The model forecasts {trained}, and {asked.horizon:,} are wanted.", "Lower 'horizon'.")
    rows = _count(asked.history)
    if rows > options.max_source:
        what = f"A history may have {options.max_source:,} rows, and this one has {rows:,}."
        raise Failure(413, what, "Send the end of the series: a forecaster reads no more than it was trained on.")
    settings, deadline = served.predictor.config.decoding, time.monotonic() + options.timeout
    forecasting = Forecasting(asked.horizon, options.max_sources)
    return Job([asked.history], settings, inbox, deadline=deadline, forecasting=forecasting)


def _count(history: Any) -> int:
    """The number of rows, or of the cells of the longest column."""
    return len(history) if isinstance(history, list) else max(map(len, history.values()), default=0)
