"""What requests for forecasts and their answers look like, for the OpenAPI document."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt, StrictStr

from unspool.serve.schema import Count

Cell: TypeAlias = StrictStr | StrictInt | Annotated[float, Field(allow_inf_nan=False)] | StrictBool | None
Rows: TypeAlias = list[dict[StrictStr, Cell]]
Columns: TypeAlias = dict[StrictStr, list[Cell]]

HISTORY = (
    "a table in the long form: rows or columns with ds (whole numbers or dates), y (null: not known), unique_id where "
    "there are several series, and the covariates of training"
)


class ForecastRequest(BaseModel):
    """A question about what comes next."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    model: StrictStr | None = Field(default=None, description="a name from /v1/models; default: the first one")
    history: Rows | Columns = Field(description=HISTORY)
    horizon: Count | None = Field(default=None, description="steps ahead; at most, and by default, those of training")


class ServedHistory(BaseModel):
    """The end of a series as it was read: its values on their grid of steps."""

    model_config = ConfigDict(title="History")

    ds: list[str | int]
    y: list[float | None] = Field(description="null where a step is missing")


class ServedForecast(BaseModel):
    """The next steps of one series; each q is a quantile, q05 to q95 hold nine of ten values."""

    model_config = ConfigDict(title="Forecast")

    unique_id: str
    ds: list[str | int]
    mean: list[float]
    q05: list[float]
    q10: list[float]
    q20: list[float]
    q30: list[float]
    q40: list[float]
    q50: list[float] = Field(description="the median, with the least absolute error")
    q60: list[float]
    q70: list[float]
    q80: list[float]
    q90: list[float]
    q95: list[float]
    history: ServedHistory


class ForecastResponse(BaseModel):
    """The forecasts, a series each, in the order of the table."""

    model: str
    forecasts: list[ServedForecast]
    notes: list[str] = Field(description="what should be known about how the table was read")
