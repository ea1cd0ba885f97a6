"""The seasonal naive forecast: the values of one season ago, again and again.

The season is the lag of 2 or more steps at which the training sources are most like themselves.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from unspool.distributions.normal import normal_quantile
from unspool.errors import Mistake
from unspool.fields.field import Raw
from unspool.rivals.rival import KnownPairs, Rival
from unspool.types import Array


def forecast(history: Array, season: int, horizon: int, levels: Array) -> Array:
    """Quantiles `[H, Q]` from a history `[T]`: the last season again, with errors as those of one season ago.

    Hyndman & Athanasopoulos, Forecasting: Principles and Practice, 5.5: the variance grows with the seasons ahead.
    """
    lag = season if len(history) > season else 1
    steps = np.arange(horizon)
    path = history[-lag:][steps % lag]
    errors = history[lag:] - history[:-lag]
    deviation = float(np.sqrt(np.square(errors).mean())) if len(errors) else 0.0
    spread = deviation * np.sqrt(steps // lag + 1)
    quantiles: Array = path[:, None] + spread[:, None] * normal_quantile(levels)
    return quantiles


def fit(known: KnownPairs) -> Rival:
    """Find the season."""
    refuse_other_features(known, "the values of one season ago")
    longest, lag = max(map(len, known.targets)), season(known.sources)

    def answer(raw: Raw) -> Array:
        last: Array = raw[-min(lag, len(raw)) :]
        return last[np.arange(longest) % len(last)]

    return Rival(1, answer)


def season(sources: Sequence[Array]) -> int:
    """The lag with the largest mean autocorrelation of the differences, at most half of the shortest source; else 1."""
    most = min(map(len, sources)) // 2
    if most < 2:
        return 1
    changes = [np.diff(source.astype(np.float64), axis=0) for source in sources]
    power = sum(float(np.square(change).sum()) for change in changes) or 1.0
    likeness = [sum(float((one[lag:] * one[:-lag]).sum()) for one in changes) / power for lag in range(2, most + 1)]
    return 2 + int(np.argmax(likeness)) if max(likeness) > 0 else 1


def refuse_other_features(known: KnownPairs, what: str) -> None:
    """A `Mistake` if answers have other features than sources."""
    source, target = known.sources[0], known.targets[0]
    if source.ndim != 2 or source.shape[1:] != target.shape[1:]:
        raise Mistake(f"Answers have other features than sources, so {what} cannot be an answer.", "It is left out.")
