"""From a table of series to windows for training, for choosing the best weights, and for calibration.

The last part of every series is held out. Its windows choose the best weights and calibrate intervals, in turns, and
no training window has a step of a held-out future.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from unspool.config.series import SeriesConfig
from unspool.errors import Mistake
from unspool.plural import counted
from unspool.series.seasons import seasons_of
from unspool.series.series import Series, SeriesTable
from unspool.series.shape import complete_shape, shape_of
from unspool.series.stamps import shown
from unspool.series.windows import PreparedSeries, WindowShape
from unspool.types import Array

# Held-out windows that are wanted in all, and the largest share of a series that is held out for more than one window.
HELD_OUT, LARGEST_SHARE = 400, 0.2
SEED = 1


class Windows(NamedTuple):
    """Pairs of a source `[S, F]` and a target `[blocks, block]`, and where each comes from.

    series: `[n]` the number of the series; origins: `[n]` the step after which its future begins
    """

    sources: list[Array]
    targets: list[Array]
    series: Array
    origins: Array

    def pairs(self) -> list[tuple[Array, Array]]:
        """Source and target of each window."""
        return list(zip(self.sources, self.targets, strict=True))


class SplitWindows(NamedTuple):
    """Windows for training, for validation and for calibration, and what a person should know."""

    training: Windows
    validation: Windows
    calibration: Windows
    messages: list[str]


def completed(table: SeriesTable, config: SeriesConfig) -> SeriesConfig:
    """The settings with what the table decides: the covariates and the shape of windows."""
    if config.horizon is None:
        raise Mistake("A forecaster needs to know how far ahead.", "Give --horizon STEPS (series.horizon).")
    seasons = {season for series in table.series for season in seasons_of(series, config.season)}
    named = {"past": ",".join(table.past), "known": ",".join(table.known)}
    return complete_shape(config.model_copy(update=named), sorted(seasons))


def prepared(series: Series, config: SeriesConfig) -> PreparedSeries:
    """A series as windows read it: without gaps and as logarithms if the settings say so."""
    values = series.values
    if config.missing == "interpolate":
        values = _bridged(values)
    if config.log:
        values = _logarithms(series, values)
    return PreparedSeries(series, shape_of(config), seasons_of(series, config.season), values)


def split_windows(table: SeriesTable, config: SeriesConfig) -> SplitWindows:
    """All windows of a table, by what they are for; too little data is a `Mistake`."""
    shape = shape_of(config)
    ready = [prepared(series, config) for series in table.series]
    origins = [one.origins() for one in ready]
    held = [_held_out(len(one.values), shape, len(ready)) for one in ready]
    known = [own[own + shape.steps <= len(one.values) - h] for one, own, h in zip(ready, origins, held, strict=True)]
    late = [own[own >= len(one.values) - h] for one, own, h in zip(ready, origins, held, strict=True)]
    training = _windows(ready, _drawn(known, config.windows))
    checked = _windows(ready, late)
    if not len(training.series) or len(checked.series) < 2:
        raise _too_little(table, shape)
    turns = np.arange(len(checked.series)) % 2 == 0
    messages = _messages(ready, known, shape)
    return SplitWindows(training, _chosen(checked, turns), _chosen(checked, ~turns), messages)


def _held_out(length: int, shape: WindowShape, count: int) -> int:
    """The steps of a series that are held out: a horizon, and more where series are few."""
    more = min(-(-HELD_OUT // count) - 1, int(LARGEST_SHARE * length) - shape.steps)
    return shape.steps + max(more, 2 - count, 0)


def _drawn(origins: Sequence[Array], most: int) -> list[Array]:
    """At most this number of origins, drawn at random, of each series equally many as far as it has them."""
    quota = left = most
    for place, size in enumerate(sizes := sorted(map(len, origins))):
        quota = max(1, left // (len(sizes) - place))
        if size > quota:
            break
        left -= size
    random = np.random.default_rng(SEED)
    return [np.sort(random.permutation(own)[:quota]) for own in origins]


def _windows(ready: Sequence[PreparedSeries], origins: Sequence[Array]) -> Windows:
    sources, targets = list[Array](), list[Array]()
    for one, own in zip(ready, origins, strict=True):
        for origin in own.tolist():
            source, scale = one.window(origin)
            sources.append(source)
            targets.append(one.target(origin, scale))
    numbers = np.repeat(np.arange(len(ready)), [len(own) for own in origins])
    return Windows(sources, targets, numbers, np.concatenate([*origins, np.zeros(0, dtype=np.int64)]))


def _chosen(windows: Windows, which: Array) -> Windows:
    places = np.flatnonzero(which).tolist()
    return Windows(
        [windows.sources[place] for place in places], [windows.targets[place] for place in places],
        windows.series[which], windows.origins[which],
    )  # fmt: skip


def _bridged(values: Array) -> Array:
    present = np.flatnonzero(~np.isnan(values))
    bridged: Array = np.interp(np.arange(len(values)), present, values[present])
    return bridged


def _logarithms(series: Series, values: Array) -> Array:
    if len(wrong := np.flatnonzero(values <= 0)):
        stamp = shown(series.stamps(int(wrong[0]), 1)[0])
        what = f"Series '{series.name}' is {values[wrong[0]]:g} at {stamp}, which has no logarithm."
        raise Mistake(what, "Leave series.log out.")
    return np.log(values)


def _messages(ready: Sequence[PreparedSeries], known: Sequence[Array], shape: WindowShape) -> list[str]:
    short = [one.series.name for one, own in zip(ready, known, strict=True) if not len(own)]
    if not short:
        return []
    what = f"{counted(len(short), 'series has', 'series have')} no window of {shape.least:,} + {shape.steps:,} steps"
    return [f"{what} before its held-out end, and nothing is learned from it: {', '.join(short[:3])}."]


def _too_little(table: SeriesTable, shape: WindowShape) -> Mistake:
    longest = max(len(series) for series in table.series)
    needed = shape.least + 2 * shape.steps + 1
    what = f"The longest series has {longest:,} steps, and windows with a held-out part need {needed:,} without a gap."
    return Mistake(what, "Give longer series, or a smaller --horizon, series.block or series.history.")
