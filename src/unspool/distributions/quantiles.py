"""Quantiles at fixed levels, and the distribution between them: no shape is assumed.

Koenker & Bassett 1978: Regression Quantiles; in forecasting, Wen et al. 2017, arXiv:1711.11053. Quantiles rise by
construction. Between two of them the distribution is uniform, and beyond the outermost ones it falls exponentially,
from the height that it has there. So there is a density, whose quantiles at the levels are the network's.
"""

from __future__ import annotations

import math

import numpy as np

from unspool.distributions.normal import LEAST, MOST
from unspool.types import Array

# With the ends of intervals of 80, 90 and 98 %. The median is inside an interval, where rounding does not matter.
LEVELS = np.array([0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.45, 0.55, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99])
# The number of the interval around the median, of Q - 1.
MIDDLE = len(LEVELS) // 2 - 1
LEAST_STEP = 1e-4


class Quantiles:
    """Parameters `[..., Q F]`: F medians; then of each of the Q - 1 intervals between levels F raw widths w.

    A width is log(1 + exp(w)) + `LEAST_STEP`; the median is the middle of its interval.
    """

    name = "quantiles"
    ending: float | None = None

    def log_prob(self, parameters: Array, values: Array) -> Array:
        """The log-density between and beyond the quantiles, summed over the features, `[...]` in float64."""
        places = split(parameters)
        widths = np.diff(places, axis=-2)
        log_heights = np.log(np.diff(LEVELS))[:, None] - np.log(widths)
        between = (values[..., None, :] >= places[..., 1:-1, :]).sum(-2, keepdims=True)
        inside = np.take_along_axis(log_heights, between, axis=-2)[..., 0, :]
        (low, falls_low), (high, falls_high) = _tails(places, widths)
        beyond = np.maximum(low - values, 0) / falls_low + np.maximum(values - high, 0) / falls_high
        total: Array = (inside - beyond).sum(-1)
        return total

    def count_uniforms(self, size: int) -> int:
        """One uniform number for each feature."""
        return size // len(LEVELS)

    def sample(self, parameters: Array, uniforms: Array, temperature: float = 1.0, bias: float = 0.0) -> Array:
        """Quantiles at random levels, `[..., F]` in float64; distances from the median are scaled by √T exp(-b)."""
        middle = self.mode(parameters)
        values: Array = middle + math.sqrt(temperature) * math.exp(-bias) * (_at(split(parameters), uniforms) - middle)
        return values

    def mode(self, parameters: Array) -> Array:
        """The medians, `[..., F]` in float64: between fixed levels there is no likeliest value, and no better guess."""
        middle: Array = parameters[..., : parameters.shape[-1] // len(LEVELS)].astype(np.float64)
        return middle

    def quantile(self, parameters: Array, q: float) -> Array:
        """The q-quantile of each feature, `[..., F]` in float64; interpolated between levels."""
        places = split(parameters)
        return _at(places, np.full_like(places[..., 0, :], q))


def split(parameters: Array) -> Array:
    """The quantiles `[..., Q, F]`, lowest first, in float64."""
    wide = parameters.astype(np.float64)
    raw = wide.reshape(*wide.shape[:-1], len(LEVELS), -1)
    widths = np.logaddexp(0.0, raw[..., 1:, :]) + LEAST_STEP
    above = np.concatenate([np.zeros_like(widths[..., :1, :]), np.cumsum(widths, axis=-2)], axis=-2)
    below_median = above[..., MIDDLE : MIDDLE + 1, :] + 0.5 * widths[..., MIDDLE : MIDDLE + 1, :]
    places: Array = raw[..., :1, :] + (above - below_median)
    return places


def _tails(places: Array, widths: Array) -> tuple[tuple[Array, Array], tuple[Array, Array]]:
    """Where each tail begins, and its scale, `[..., F]`: so that the density is continuous there."""
    low = LEVELS[0] * widths[..., 0, :] / (LEVELS[1] - LEVELS[0])
    high = (1 - LEVELS[-1]) * widths[..., -1, :] / (LEVELS[-1] - LEVELS[-2])
    return (places[..., 0, :], low), (places[..., -1, :], high)


def _at(places: Array, q: Array) -> Array:
    """The quantiles at levels q `[..., F]`."""
    q = np.clip(q, LEAST, MOST)
    widths = np.diff(places, axis=-2)
    between = np.clip(np.searchsorted(LEVELS, q, side="right") - 1, 0, len(LEVELS) - 2)
    share = np.clip((q - LEVELS[between]) / np.diff(LEVELS)[between], 0.0, 1.0)
    start, width = (np.take_along_axis(part, between[..., None, :], axis=-2)[..., 0, :] for part in (places, widths))
    (_, falls_low), (_, falls_high) = _tails(places, widths)
    beyond_low = falls_low * np.log(np.minimum(q / LEVELS[0], 1.0))
    beyond_high = falls_high * np.log(np.minimum((1 - q) / (1 - LEVELS[-1]), 1.0))
    values: Array = start + share * width + beyond_low - beyond_high
    return values
