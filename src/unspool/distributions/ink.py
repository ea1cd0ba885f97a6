"""A point of ink: a step of the pen in the plane, and what the pen does after it.

Graves 2013, arXiv:1308.0850, equations 18 to 25: a mixture of M bivariate Gaussians with correlation over dx and dy,
and beside it the pen. The paper's pen is a Bernoulli variable e, 1 at the end of a stroke, and its drawings have a
fixed length. Here the pen has three states, as in Ha & Eck 2017, arXiv:1704.03477, section 3.2: a drawing ends with the
third.
"""

from __future__ import annotations

import math

import numpy as np

from unspool.distributions.mixture import CLIMBS, STILL, log_softmax, mixture_quantile, pick
from unspool.distributions.normal import normal_quantile
from unspool.types import Array

# The states of the pen: it stays down, it is lifted, it is lifted for the last time.
DOWN, UP, END = 0, 1, 2
STATES, PLANE = 3, 2
# Of components: the least standard deviation, in units of that of the data, and the largest correlation.
LEAST_SCALE, MOST_CORRELATION = 1e-3, 0.999
# Raw numbers of a component: its weight, two means, two scales and a correlation.
EACH = 6


class PenPoint:
    """Parameters `[..., 3 + 6M]`: 3 raw log-probabilities of the pen; then M raw weights, 2M means, 2M raw scales s and
    M raw correlations r.

    σ = log(1 + exp(s)) + `LEAST_SCALE`; ρ = `MOST_CORRELATION` tanh(r).
    """

    name = "ink"
    ending: float | None = END

    def log_prob(self, parameters: Array, values: Array) -> Array:
        """`log Σ_m π_m N(dx, dy; μ_m, σ_m, ρ_m) + log Pr(pen)` (23-26), `[...]` in float64; -inf for no pen's state."""
        pen, *mixture = split(parameters)
        along = np.logaddexp.reduce(_log_parts(values[..., :PLANE], *mixture), axis=-1)
        state = values[..., PLANE]
        known = np.isin(state, (DOWN, UP, END))
        place = np.where(known, state, DOWN).astype(np.int64)[..., None]
        total: Array = along + np.where(known, np.take_along_axis(pen, place, axis=-1)[..., 0], -np.inf)
        return total

    def count_uniforms(self, size: int) -> int:
        """One for the component, two for the step, one for the pen."""
        return 4

    def sample(self, parameters: Array, uniforms: Array, temperature: float = 1.0, bias: float = 0.0) -> Array:
        """Points `[..., 3]` in float64.

        Each component is tempered, not the whole: weights are π^((1 + b) / T), normalised, and scales are σ √T exp(-b),
        where b is the bias (61, 62). The pen's probabilities are tempered, and not biased.
        """
        pen, log_weights, mean, scale, correlation = split(parameters)
        chosen = pick(log_weights * ((1.0 + bias) / temperature), uniforms[..., 0])[..., None]
        rho = np.take_along_axis(correlation, chosen, axis=-1)[..., 0]
        mean, scale = (np.take_along_axis(part, chosen[..., None], axis=-2)[..., 0, :] for part in (mean, scale))
        z = normal_quantile(uniforms[..., 1:3])
        turned = np.stack([z[..., 0], rho * z[..., 0] + np.sqrt(1.0 - rho * rho) * z[..., 1]], axis=-1)
        step = mean + math.sqrt(temperature) * math.exp(-bias) * scale * turned
        state = pick(pen / temperature, uniforms[..., 3])
        points: Array = np.concatenate([step, state[..., None]], axis=-1)
        return points

    def mode(self, parameters: Array) -> Array:
        """The likeliest points `[..., 3]` in float64: the best mode that is uphill of a mean, see `Mixture.mode`."""
        pen, log_weights, mean, scale, correlation = split(parameters)
        precision, place = _precision(scale, correlation), mean
        for _ in range(CLIMBS):
            following = _uphill(place, log_weights, mean, scale, correlation, precision)
            still = np.abs(following - place).max(initial=0.0) <= STILL * (1.0 + np.abs(place).max(initial=0.0))
            place = following
            if still:
                break
        heights = np.logaddexp.reduce(_against_all(place, log_weights, mean, scale, correlation), axis=-1)
        best = np.take_along_axis(place, heights.argmax(-1)[..., None, None], axis=-2)[..., 0, :]
        points: Array = np.concatenate([best, pen.argmax(-1)[..., None]], axis=-1)
        return points

    def quantile(self, parameters: Array, q: float) -> Array:
        """The q-quantiles of dx, of dy and of the pen, each alone, `[..., 3]` in float64."""
        pen, log_weights, mean, scale, _ = split(parameters)
        step = mixture_quantile(log_weights, mean, scale, q)
        state = (np.cumsum(np.exp(pen), axis=-1)[..., :-1] < q).sum(-1)
        points: Array = np.concatenate([step, state[..., None]], axis=-1)
        return points


def split(parameters: Array) -> tuple[Array, Array, Array, Array, Array]:
    """In float64: log-probabilities of the pen `[..., 3]`, log-weights `[..., M]`, means and standard deviations
    `[..., M, 2]`, correlations `[..., M]` (18-22).
    """
    wide = parameters.astype(np.float64)
    count = (wide.shape[-1] - STATES) // EACH
    pen, weights, mean, scale, correlation = np.split(wide, STATES + count * np.array([0, 1, 3, 5]), axis=-1)
    shape = (*wide.shape[:-1], count, PLANE)
    scale = np.logaddexp(0.0, scale.reshape(shape)) + LEAST_SCALE
    return log_softmax(pen), log_softmax(weights), mean.reshape(shape), scale, MOST_CORRELATION * np.tanh(correlation)


def _log_parts(step: Array, log_weights: Array, mean: Array, scale: Array, correlation: Array) -> Array:
    """`log π_m N(step; …)` `[..., M]` of steps `[..., 2]` (24, 25)."""
    z = (step[..., None, :] - mean) / scale
    rest = 1.0 - correlation * correlation
    distance = (z * z).sum(-1) - 2 * correlation * z[..., 0] * z[..., 1]
    heights = np.log(scale).sum(-1) + 0.5 * np.log(rest) + math.log(2 * math.pi)
    parts: Array = log_weights - 0.5 * distance / rest - heights
    return parts


def _against_all(places: Array, log_weights: Array, mean: Array, scale: Array, correlation: Array) -> Array:
    """`_log_parts` of each of M places `[..., M, 2]`, `[..., M, M]`."""
    broad = log_weights[..., None, :], mean[..., None, :, :], scale[..., None, :, :], correlation[..., None, :]
    return _log_parts(places, *broad)


def _precision(scale: Array, correlation: Array) -> Array:
    """The inverse covariance of each component, `[..., M, 2, 2]`."""
    inverse = 1.0 / scale
    along = np.square(inverse)
    across = -correlation * inverse[..., 0] * inverse[..., 1]
    rows = np.stack([np.stack([along[..., 0], across], -1), np.stack([across, along[..., 1]], -1)], -2)
    precision: Array = rows / (1.0 - correlation * correlation)[..., None, None]
    return precision


def _uphill(place: Array, log_weights: Array, mean: Array, scale: Array, correlation: Array, precision: Array) -> Array:
    """One step of the climb from each place `[..., M, 2]`: the mean of the means by responsibility and precision."""
    log_parts = _against_all(place, log_weights, mean, scale, correlation)
    shares = np.exp(log_parts - log_parts.max(-1, keepdims=True))
    whole = np.einsum("...ij,...jab->...iab", shares, precision)
    pulled = np.einsum("...ij,...jab,...jb->...ia", shares, precision, mean)
    following: Array = np.linalg.solve(whole, pulled[..., None])[..., 0]
    return following
