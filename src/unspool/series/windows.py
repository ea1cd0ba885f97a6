"""Windows of a series as arrays of a sequence model: blocks of history, then blocks of a future that is not known yet.

A block is several steps in one item, so that a recurrent network makes few large steps instead of many small ones: Lin
et al. 2023, SegRNN, arXiv:2308.11200. The source's rows are the blocks of the history and of the future; a row holds

    values, scaled (of the future: the simple path)    block
    changes since one season ago (of the future: 0)    block
    whether it is the future; how noisy the season is  2
    the time of its first step                         FEATURES
    covariates of the past (of the future: 0)          block · P
    covariates known in advance                        block · C

and the target's rows are the blocks of the future: differences from the simple path, scaled. See `scaling`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from unspool.errors import Mistake
from unspool.series.calendar import FEATURES, time_features
from unspool.series.scaling import PathErrors, WindowScale, scale_of
from unspool.series.series import Series
from unspool.series.stamps import shown
from unspool.types import Array

# The shortest history, in blocks.
LEAST_BLOCKS = 2


@dataclass(frozen=True, slots=True)
class WindowShape:
    """How long windows are, in steps.

    horizon: steps to forecast; `steps` are those of whole blocks, the horizon or a few more
    history: the most that are read, whole blocks
    """

    horizon: int
    history: int
    block: int

    @property
    def blocks(self) -> int:
        """Blocks of the future."""
        return -(-self.horizon // self.block)

    @property
    def steps(self) -> int:
        """Steps of all blocks of the future."""
        return self.blocks * self.block

    @property
    def least(self) -> int:
        """The shortest history."""
        return LEAST_BLOCKS * self.block

    def fitting(self, known: int) -> int:
        """The steps that are read of a history of so many; fewer than `least` are too few."""
        return min(self.history, known // self.block * self.block)


class SeriesWindow(NamedTuple):
    """One window: what a network reads `[S, F]`, and the scale of what it writes."""

    source: Array
    scale: WindowScale


class PreparedSeries:
    """A series with all that its windows need, computed once.

    values: `[T]`, logarithms if they are learned; covariates that windows of `shape` may read
    """

    def __init__(self, series: Series, shape: WindowShape, seasons: tuple[int, ...], values: Array) -> None:
        self.series, self.shape, self.values = series, shape, values
        self._errors = PathErrors(values, seasons, shape.steps)
        present = ~np.isnan(values)
        numbers = np.arange(len(values))
        # Steps without a gap up to and including each step.
        self._unbroken = numbers - np.maximum.accumulate(np.where(present, -1, numbers))
        stamps = series.stamps(0, len(values) + shape.steps)
        apart = float((stamps[1] - stamps[0]).astype(np.int64)) if stamps.dtype.kind == "M" else 0.0
        self._times = time_features(stamps, apart)

    def origins(self) -> Array:
        """The numbers of values after which there can be a window with a known future."""
        ends = np.arange(self.shape.least, len(self.values) - self.shape.steps + 1)
        needed = self._unbroken[ends + self.shape.steps - 1]
        found: Array = ends[needed >= self.shape.least + self.shape.steps]
        return found

    def reaches(self, origin: int) -> bool:
        """Whether there is enough history without a gap before step `origin`."""
        return self._length(origin) >= self.shape.least

    def _length(self, origin: int) -> int:
        return self.shape.fitting(int(self._unbroken[origin - 1]))

    def window(self, origin: int) -> SeriesWindow:
        """The window whose future begins at step `origin`; a history that is too short is a `Mistake`."""
        length = self._length(origin)
        if length < self.shape.least:
            raise self._too_short(origin)
        history = self.values[origin - length : origin]
        first = origin - length
        scale = scale_of(history, *self._errors.best(first, origin), self.shape.steps)
        rows = [self._history_rows(history, scale), self._future_rows(scale)]
        noise = np.log(scale.error / scale.spread)
        blocks = np.arange(first, origin + self.shape.steps, self.shape.block)
        future = (blocks >= origin).astype(np.float64)
        parts = [
            np.concatenate(rows), future[:, None], np.full((len(blocks), 1), noise), self._times[blocks],
            self._past(first, origin), self._known(first, origin),
        ]  # fmt: skip
        return SeriesWindow(np.concatenate(parts, axis=1).astype(np.float32), scale)

    def target(self, origin: int, scale: WindowScale) -> Array:
        """What a network should write, `[blocks, block]`."""
        future = self.values[origin : origin + self.shape.steps]
        return scale.difference(future).reshape(-1, self.shape.block).astype(np.float32)

    def _history_rows(self, history: Array, scale: WindowScale) -> Array:
        changes = np.zeros_like(history)
        changes[scale.season :] = (history[scale.season :] - history[: -scale.season]) / scale.error
        sides = [side.reshape(-1, self.shape.block) for side in (scale.read(history), changes)]
        return np.concatenate(sides, axis=1)

    def _future_rows(self, scale: WindowScale) -> Array:
        path = scale.read(scale.path).reshape(-1, self.shape.block)
        return np.concatenate([path, np.zeros_like(path)], axis=1)

    def _past(self, first: int, origin: int) -> Array:
        covariates = np.zeros((origin - first + self.shape.steps, self.series.past.shape[1]))
        covariates[: origin - first] = self.series.past[first:origin]
        return self._blocks(covariates)

    def _known(self, first: int, origin: int) -> Array:
        """Known covariates; where they end before the last block does, the last ones are repeated."""
        known = self.series.known
        if known.shape[1] and len(known) < origin + self.shape.horizon:
            missing = shown(self.series.stamps(len(known), 1)[0])
            what = f"Series '{self.series.name}' has no covariates for {missing}, which is in the forecast's horizon."
            raise Mistake(what, "Give rows with them after the last value, and leave y empty there.")
        places = np.minimum(np.arange(first, origin + self.shape.steps), len(known) - 1)
        return self._blocks(known[places])

    def _blocks(self, covariates: Array) -> Array:
        """A row for each block from a row for each step."""
        steps, columns = covariates.shape
        return covariates.reshape(steps // self.shape.block, self.shape.block * columns)

    def _too_short(self, origin: int) -> Mistake:
        unbroken = int(self._unbroken[origin - 1])
        after = " after its last missing step" if unbroken < origin else ""
        what = f"Series '{self.series.name}' has {unbroken:,} values{after}, and a window needs {self.shape.least:,}."
        return Mistake(what, "Give more history, fill missing steps (series.missing=interpolate), or leave it out.")


def number_of_features(block: int, past: int, known: int) -> int:
    """F, the width of a row of the source."""
    return block * (2 + past + known) + 2 + FEATURES
