"""The shape of windows where a person gave none: it follows the horizon and the seasons."""

from __future__ import annotations

from collections.abc import Sequence

from unspool.config.series import SeriesConfig
from unspool.errors import Mistake
from unspool.series.windows import LEAST_BLOCKS, WindowShape

# The largest block that is chosen; a horizon without a divisor up to it is filled up to whole blocks.
LARGEST, SMALLEST = 32, 6
# Seasons and horizons of history, of which the longer counts, and its limits in steps and blocks.
SEASONS, HORIZONS, LONGEST, MOST_BLOCKS = 3, 4, 1024, 48


def complete_shape(config: SeriesConfig, seasons: Sequence[int]) -> SeriesConfig:
    """The settings with a history and a block. seasons: all that occur in the data."""
    assert config.horizon is not None
    block = config.block or block_of(config.horizon)
    wanted = max(SEASONS * max(seasons, default=1), HORIZONS * config.horizon)
    history = config.history or max(LEAST_BLOCKS * block, min(wanted, LONGEST, MOST_BLOCKS * block))
    return config.model_copy(update={"block": block, "history": max(history // block, LEAST_BLOCKS) * block})


def shape_of(config: SeriesConfig) -> WindowShape:
    """The shape of completed settings; those of a damaged folder are a `Mistake`."""
    if not (config.horizon and config.history and config.block):
        what = "The section series of run.json has no horizon, history and block."
        raise Mistake(what, "Copy the folder again.")
    return WindowShape(config.horizon, config.history, config.block)


def block_of(horizon: int) -> int:
    """The largest divisor of a horizon up to 32; if that is small, 24 steps or the whole horizon.

    >>> block_of(48), block_of(13), block_of(12), block_of(37), block_of(6)
    (24, 13, 12, 24, 6)
    """
    divisor = max(size for size in range(1, LARGEST + 1) if horizon % size == 0)
    return divisor if divisor >= SMALLEST or horizon <= LARGEST else 24
