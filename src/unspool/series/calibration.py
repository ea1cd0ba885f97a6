"""Intervals that hold as many values as they promise: split-conformal calibration on held-out windows.

Romano, Patterson, Candès 2019: Conformalized Quantile Regression, arXiv:1905.03222, calibrates each end of an interval
for itself; Lei et al. 2018 divide errors by a local scale. Both together: the distance of a quantile from the median is
multiplied by a factor, for which the right share of held-out values is inside. If windows to come are like the held-out
ones (exchangeable), a quantile holds at least its share of them, whatever the network thinks.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple, Self

import numpy as np

from unspool.errors import Mistake
from unspool.series.forecast import LEVELS, MIDDLE
from unspool.types import Array

# With fewer windows than this, all steps share their factors.
ENOUGH = 40
# A distance from the median is at least this share of the usual error.
LEAST = 1e-6


class Calibration(NamedTuple):
    """The factor of each quantile's distance from the median.

    factors: `[steps, Q]`, or `[1, Q]` for all steps
    windows: the held-out windows that they come from
    """

    factors: Array
    windows: int

    def apply(self, quantiles: Array) -> Array:
        """Calibrated quantiles `[..., H, Q]`, in order."""
        factors = self.factors if len(self.factors) == 1 else self.factors[: quantiles.shape[-2]]
        median = quantiles[..., MIDDLE, None]
        moved = median + factors * (quantiles - median)
        upper = np.maximum.accumulate(moved[..., MIDDLE:], axis=-1)
        lower = np.minimum.accumulate(moved[..., MIDDLE::-1], axis=-1)[..., ::-1]
        together: Array = np.concatenate([lower[..., :-1], upper], axis=-1)
        return together

    def to_json(self) -> dict[str, Any]:
        """`windows`, `levels` and `factors`."""
        return {"windows": self.windows, "levels": LEVELS.tolist(), "factors": self.factors.round(6).tolist()}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """The inverse of `to_json`; wrong values are a `Mistake`."""
        try:
            factors = np.array(data["factors"], dtype=np.float64)
            windows, levels = int(data["windows"]), np.array(data["levels"], dtype=np.float64)
        except (KeyError, TypeError, ValueError):
            factors, windows, levels = np.zeros(0), 0, LEVELS
        fits = factors.ndim == 2 and factors.shape[-1] == len(LEVELS) and np.isfinite(factors).all()
        if not fits or (factors < 0).any() or levels.tolist() != LEVELS.tolist():
            raise Mistake("The calibration of the intervals cannot be read.", "Copy the folder again.")
        return cls(factors, windows)


def calibrate(quantiles: Array, actual: Array) -> Calibration:
    """Factors from forecasts `[N, H, Q]` of held-out windows and what came `[N, H]`, both in the units of windows."""
    count = len(quantiles)
    if count < ENOUGH:
        quantiles, actual = quantiles.reshape(-1, 1, len(LEVELS)), actual.reshape(-1, 1)
    median = quantiles[..., MIDDLE, None]
    distances = quantiles - median
    signs = np.where(np.arange(len(LEVELS)) < MIDDLE, -1.0, 1.0)
    ratios = (actual[..., None] - median) * signs / np.maximum(distances * signs, LEAST)
    shares = np.maximum(LEVELS, 1 - LEVELS)
    factors = np.ones((quantiles.shape[1], len(LEVELS)))
    ordered = np.sort(ratios, axis=0)
    for place, share in enumerate(shares):
        if place != MIDDLE:
            rank = min(math.ceil(share * (len(ordered) + 1)), len(ordered))
            factors[:, place] = np.maximum(ordered[rank - 1, :, place], 0)
    return Calibration(factors, count)
