"""Settings of forecasting: how series become windows of history and future."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from unspool.config.settings import Settings


class SeriesConfig(Settings):
    """How series become windows. A run of other data has no horizon, and the rest does not matter."""

    horizon: int | None = Field(
        default=None, ge=1, le=10_000, description="steps to forecast; makes a run a forecaster"
    )
    history: int | None = Field(
        default=None, ge=2, le=100_000, description="steps that are read at most; default: several seasons and horizons"
    )
    block: int | None = Field(
        default=None, ge=1, le=1000, description="steps that the network reads and writes at once; default: a season"
    )
    season: str | None = Field(
        default=None, description="steps of a season, or of several: 24,168; default: from the dates or the values"
    )
    known: str | None = Field(default=None, description="columns that are known in advance, such as price,holiday")
    past: str | None = Field(
        default=None, description="columns that are known up to now; default: all that are not known in advance"
    )
    missing: Literal["skip", "interpolate"] = Field(
        default="skip", description="steps without a value: no window has them, or they are put on a straight line"
    )
    log: bool = Field(default=False, description="learn logarithms; for positive series that grow by factors")
    windows: int = Field(default=20_000, ge=1, description="training windows at most, equally many of each series")
