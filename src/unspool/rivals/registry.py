"""The rivals of each task, by name."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from typing import TypeAlias

from unspool.rivals.rival import KnownPairs, Rival
from unspool.types import Array, Task

# By the kind of the target; of answers in text only the first if the source is real values.
RIVALS: Mapping[str, tuple[str, ...]] = {
    "text": ("majority", "nearest_neighbour", "joint_ngram"),
    "label": ("majority", "linear"),
    "tags": ("item_majority", "tag_ngram"),
    "running_text": ("ngram",),
    "values": ("last_value", "seasonal_naive"),
}

# Those that forecast a series with quantiles: each has a function `forecast`.
FORECASTING = ("seasonal_naive", "exponential_smoothing")

# Quantiles `[H, Q]` from a history `[T]`, the steps of a season, H, and the levels `[Q]`.
RivalForecast: TypeAlias = Callable[[Array, int, int, Array], Array]


def rivals_of(task: Task) -> tuple[str, ...]:
    """The names of the rivals of a task."""
    names = RIVALS.get(task.target, ())
    return names[:1] if task.source == "values" and task.target in ("text", "label") else names


def fit(name: str, known: KnownPairs) -> Rival:
    """A rival, fitted on the training pairs."""
    rival: Rival = importlib.import_module(f"unspool.rivals.{name}").fit(known)
    return rival


def forecast_of(name: str) -> RivalForecast:
    """The function that forecasts a series."""
    method: RivalForecast = importlib.import_module(f"unspool.rivals.{name}").forecast
    return method
