"""A forecaster and its rivals on the same histories: every table has the rows of methods without a network."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from unspool.errors import MissingExtra
from unspool.forecasts.forecaster import Forecaster
from unspool.metrics.report import METRICS as ALL_METRICS
from unspool.metrics.report import Figures
from unspool.metrics.significance import PairedTest, paired
from unspool.plural import counted
from unspool.rivals.registry import FORECASTING, forecast_of
from unspool.series.forecast import Forecast
from unspool.series.judging import METRICS, figures_of, histories, rival_forecasts
from unspool.series.seasons import parse_seasons, seasons_of
from unspool.series.series import Series
from unspool.types import Array

NAIVE = FORECASTING[0]


@dataclass(frozen=True, slots=True)
class ForecastEvaluation:
    """The figures of a forecaster and of its rivals.

    known, came: the histories, and what came after each; forecasts: the forecaster's
    rivals, messages: figures by the rival's name; which rivals are missing
    """

    known: Sequence[Series]
    came: Sequence[Array]
    forecasts: Sequence[Forecast]
    figures: Figures
    seconds: float
    rivals: dict[str, Figures] = field(default_factory=dict)
    rival_seconds: dict[str, float] = field(default_factory=dict)
    messages: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """The forecaster's figures, flat, and under `rivals` those of each rival."""
        own = self.figures.to_json() | {"seconds": round(self.seconds, 3)}
        return own | {"rivals": {name: self.rival_json(name) for name in self.rivals}, "verdict": self.verdict()}

    def rival_json(self, name: str) -> dict[str, Any]:
        """A rival's figures, flat."""
        return self.rivals[name].to_json() | {"seconds": round(self.rival_seconds[name], 3)}

    def tests(self) -> list[dict[str, PairedTest]]:
        """How each rival differs from the forecaster, by metric."""
        mine = self.figures.outcomes
        return [
            {name: paired(ALL_METRICS[name], other.outcomes[name], mine[name]) for name in METRICS}
            for other in self.rivals.values()
        ]

    def by_series(self) -> dict[str, dict[str, float]]:
        """The MASE of each series, of the forecaster (`model`) and of each rival."""
        names = [history.name for history in self.known]
        found = {name: dict[str, float]() for name in dict.fromkeys(names)}
        for method, figures in (("model", self.figures), *self.rivals.items()):
            rows = figures.outcomes["mase"]
            for name, own in found.items():
                which = np.array([one == name for one in names])
                own[method] = ALL_METRICS["mase"].value(rows[which])
        return found

    def verdict(self) -> str:
        """In words, whether the network is worth it."""
        mine = self.figures.estimates["mase"].value
        better = {name: one.estimates["mase"].value for name, one in self.rivals.items()}
        better = {name: value for name, value in better.items() if value <= mine}
        if not better:
            return f"The model is better than {' and '.join(map(spoken, self.rivals))} (MASE {mine:.3f})."
        named = " and to ".join(f"{spoken(name)} ({value:.3f})" for name, value in better.items())
        return f"The model loses to {named}: its MASE is {mine:.3f}. Use the better one, or train longer."


def evaluate_forecaster(
    forecaster: Forecaster,
    series: Sequence[Series],
    *,
    horizon: int | None = None,
    rolling: int = 1,
    stride: int | None = None,
    season: str | None = None,
) -> ForecastEvaluation:
    """Forecasts from `rolling` points of the past of each series, `stride` steps apart, and those of rivals.

    season: of MASE, OWA and the rivals; default: the shortest season of each series
    """
    steps = horizon or forecaster.shape.horizon
    known, came, messages = _answerable(forecaster, *histories(series, steps, rolling, stride))
    seasons = [_season(one, season, forecaster.config.season) for one in known]
    begun = time.perf_counter()
    forecasts = forecaster.forecast(known, steps)
    seconds = time.perf_counter() - begun
    own = figures_of(known, came, forecasts, seasons)
    evaluation = ForecastEvaluation(known, came, forecasts, own, seconds)
    evaluation.messages.extend(messages)
    for name in FORECASTING:
        begun = time.perf_counter()
        try:
            found = rival_forecasts(forecast_of(name), known, seasons, steps)
        except MissingExtra as missing:
            evaluation.messages.append(f"{missing.what} It is left out of the table. {missing.remedy}")
            continue
        evaluation.rivals[name] = figures_of(known, came, found, seasons)
        evaluation.rival_seconds[name] = time.perf_counter() - begun
    return evaluation


def _answerable(
    forecaster: Forecaster, known: list[Series], came: list[Array]
) -> tuple[list[Series], list[Array], list[str]]:
    """The histories that are long enough for the model, what came after them, and a message about the others."""
    long = {id(one) for one in forecaster.long_enough(known)[0]}
    kept = [(one, future) for one, future in zip(known, came, strict=True) if id(one) in long]
    if len(kept) == len(known):
        return known, came, []
    what = f"Left out: {len(known) - len(kept):,} of {counted(len(known), 'history', 'histories')}, with fewer than the"
    message = f"{what} {forecaster.shape.least:,} values without a gap at the end that a forecast needs."
    return [one for one, _ in kept], [future for _, future in kept], [message]


def spoken(name: str) -> str:
    """
    >>> spoken("seasonal_naive")
    'seasonal naive'
    """
    return name.replace("_", " ")


def _season(series: Series, given: str | None, trained: str | None) -> int:
    found = parse_seasons(given) if given is not None else seasons_of(series, trained)
    return found[0] if found else 1
