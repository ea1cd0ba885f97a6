"""From a table of series to windows for training, for choosing the best weights, and for calibration.

The last part of every series is held out, and no training window has a step of it in its future. The first held-out
windows choose the best weights, and later ones calibrate intervals: they are as far from what was learned as what is
to be forecast, and a network is worse there than directly after its training data. They begin at several times of a
season, because some are harder than others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from unspool.config.series import SeriesConfig
from unspool.errors import Mistake
from unspool.plural import counted
from unspool.series.seasons import seasons_of
from unspool.series.series import Series, SeriesTable, bridged
from unspool.series.shape import complete_shape, shape_of
from unspool.series.stamps import shown
from unspool.series.windows import PreparedSeries, WindowShape
from unspool.types import Array

# Windows that are wanted for validation and for calibration, and the largest share of a series that is held out for
# more than a horizon.
VALIDATED, CALIBRATED, LARGEST_SHARE = 200, 1600, 0.2
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
    if config.missing == "interpolate":
        past, known = _bridged_columns(series.past), _bridged_columns(series.known)
        series = replace(series, values=bridged(series.values), past=past, known=known)
    values = series.values
    if config.log:
        values = _logarithms(series, values)
    return PreparedSeries(series, shape_of(config), seasons_of(series, config.season), values)


def split_windows(table: SeriesTable, config: SeriesConfig) -> SplitWindows:
    """All windows of a table, by what they are for; too little data is a `Mistake`."""
    shape = shape_of(config)
    ready = [prepared(series, config) for series in table.series]
    origins = [one.origins() for one in ready]
    each, more = (-(-wanted // len(ready)) for wanted in (VALIDATED, CALIBRATED))
    begins = [len(one.values) - _held_out(len(one.values), shape, each) for one in ready]
    known = [own[own + shape.steps <= begin] for own, begin in zip(origins, begins, strict=True)]
    late = [own[own >= begin] for own, begin in zip(origins, begins, strict=True)]
    first = [own[: min(each, len(own) // 2)] for own in late]
    last = [_spread(own[len(taken) :], more) for own, taken in zip(late, first, strict=True)]
    training, validation, calibration = (
        _windows(ready, chosen) for chosen in (_drawn(known, config.windows), first, last)
    )
    if not all(len(part.series) for part in (training, validation, calibration)):
        raise _too_little(table, shape)
    return SplitWindows(training, validation, calibration, _messages(ready, known, shape))


def _held_out(length: int, shape: WindowShape, each: int) -> int:
    """The steps of a series that are held out: two horizons and more where series are few; less of a short series."""
    more = min(shape.steps + 2 * each, int(LARGEST_SHARE * length) - shape.steps)
    return shape.steps + max(more, 1)


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


def _spread(origins: Array, most: int) -> Array:
    """At most this number of origins, equally far apart; the last one is among them."""
    count = min(most, len(origins))
    chosen: Array = origins[np.linspace(len(origins) - 1, 0, count).round().astype(int)[::-1]] if count else origins
    return chosen


def _windows(ready: Sequence[PreparedSeries], origins: Sequence[Array]) -> Windows:
    sources, targets = list[Array](), list[Array]()
    for one, own in zip(ready, origins, strict=True):
        for origin in own.tolist():
            source, scale = one.window(origin)
            sources.append(source)
            targets.append(one.target(origin, scale))
    numbers = np.repeat(np.arange(len(ready)), [len(own) for own in origins])
    return Windows(sources, targets, numbers, np.concatenate([*origins, np.zeros(0, dtype=np.int64)]))


def _bridged_columns(covariates: Array) -> Array:
    return np.stack([bridged(column) for column in covariates.T], axis=1) if covariates.size else covariates


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
