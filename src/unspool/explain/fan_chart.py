"""Forecasts as a picture: the end of each history, the median, and bands of 90, 80, 60, 40 and 20 %.

Named after the fan charts of the Bank of England's Inflation Report (1996).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from unspool.explain.pictures import new_figure, save
from unspool.series.forecast import LEVELS, MIDDLE, Forecast
from unspool.series.series import Series
from unspool.types import Array
from unspool.visible import visible

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Steps of history for each step of the forecast, and the series of a picture.
BEFORE, MOST = 4, 6
BLUE, GREY, ORANGE = "#2f6fb2", "#444444", "#c8641e"


def fan_chart(
    path: Path, series: Sequence[Series], forecasts: Sequence[Forecast], came: Sequence[Array] | None = None
) -> list[str]:
    """Draw up to `MOST` series into a PNG. came: what came after, if it is known. Returns messages about fonts."""
    count = min(len(series), MOST)
    columns = 2 if count > 1 else 1
    rows = -(-count // columns)
    figure, first = new_figure((6.0 * columns, 3.2 * rows))
    first.remove()
    for place in range(count):
        axes = figure.add_subplot(rows, columns, place + 1)
        _draw(axes, series[place], forecasts[place], None if came is None else came[place])
        if place == 0:
            axes.legend(loc="upper left", fontsize=8, frameon=False)
    return save(figure, path)


def _draw(axes: Axes, series: Series, forecast: Forecast, came: Array | None) -> None:
    horizon = len(forecast.stamps)
    shown = min(len(series), BEFORE * horizon)
    before = _places(series.stamps(len(series) - shown, shown))
    after = _places(forecast.stamps)
    axes.plot(before, series.values[-shown:], color=GREY, linewidth=1.2, label="history")
    for step in range(MIDDLE):
        label = f"{round(100 * (LEVELS[-1] - LEVELS[0]))} % interval" if step == 0 else None
        low, high = forecast.quantiles[:, step], forecast.quantiles[:, -1 - step]
        axes.fill_between(after, low, high, color=BLUE, alpha=0.16, linewidth=0, label=label)
    joined = np.concatenate([before[-1:], after]), np.concatenate([series.values[-1:], forecast.median])
    axes.plot(*joined, color=BLUE, linewidth=1.6, label="median")
    if came is not None:
        axes.plot(after, came, color=ORANGE, linewidth=1.2, linestyle="--", label="what came")
    axes.set_title(visible(series.name), fontsize=10)
    axes.tick_params(labelsize=8)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def _places(stamps: Array) -> Array:
    """Where stamps are on the axis: dates as numbers of the library that draws."""
    if stamps.dtype.kind != "M":
        return stamps
    dates: Array = stamps.astype("datetime64[s]").astype(object)
    return dates
