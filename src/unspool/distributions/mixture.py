"""A mixture of M Gaussians over the features of an item together; in each, features are independent.

Graves 2013, arXiv:1308.0850, section 4.1; Bishop 1994: Mixture Density Networks.
"""

from __future__ import annotations

import math

import numpy as np

from unspool.distributions.gaussian import HALF_LOG_TWO_PI, LEAST_SCALE
from unspool.distributions.inversion import invert
from unspool.distributions.normal import normal_cumulative, normal_quantile
from unspool.types import Array

# Steps of the climb to a mode, and the least relative movement that continues it.
CLIMBS, STILL = 100, 1e-9


class Mixture:
    """Parameters `[..., M (1 + 2F)]`: M raw weights, M·F means μ, M·F raw scales s.

    The weights are a softmax of the raw ones; σ = log(1 + exp(s)) + `LEAST_SCALE`.
    """

    kind = "mixture"
    ending: float | None = None

    def __init__(self, components: int) -> None:
        self.components = components
        self.name = f"{self.kind}-{components}"

    def log_prob(self, parameters: Array, values: Array) -> Array:
        """`log Σ_m π_m Π_f N(y_f; μ_mf, σ_mf)`, `[...]` in float64."""
        total: Array = np.logaddexp.reduce(self._log_parts(parameters, values), axis=-1)
        return total

    def count_uniforms(self, size: int) -> int:
        """One for the component, and one for each feature."""
        return 1 + self._features(size)

    def sample(self, parameters: Array, uniforms: Array, temperature: float = 1.0, bias: float = 0.0) -> Array:
        """Samples `[..., F]` in float64: a component, and then a value of it.

        Each component is tempered, not the whole: weights are π^((1 + b) / T), normalised, and scales σ √T exp(-b),
        where b is the bias (Graves 2013, equations 61 and 62).
        """
        log_weights, mean, scale = self.split(parameters)
        chosen = pick(log_weights * ((1.0 + bias) / temperature), uniforms[..., 0])[..., None, None]
        mean, scale = (np.take_along_axis(part, chosen, axis=-2)[..., 0, :] for part in (mean, scale))
        values: Array = mean + math.sqrt(temperature) * math.exp(-bias) * scale * normal_quantile(uniforms[..., 1:])
        return values

    def mode(self, parameters: Array) -> Array:
        """The likeliest values `[..., F]` in float64: the best of the modes that are uphill of each component's mean.

        Each step of the climb is the mean of the components' means, weighted by what each says of the place
        (Carreira-Perpiñán 2000: Mode-finding for mixtures of Gaussian distributions. IEEE TPAMI 22(11), 1318-1323).
        """
        log_weights, mean, scale = self.split(parameters)
        precision, place = 1.0 / np.square(scale), mean
        for _ in range(CLIMBS):
            log_parts = _log_parts(place[..., None, :], log_weights, mean, scale)
            shares = np.exp(log_parts - log_parts.max(-1, keepdims=True))[..., None] * precision[..., None, :, :]
            following = (shares * mean[..., None, :, :]).sum(-2) / shares.sum(-2)
            still = np.abs(following - place).max(initial=0.0) <= STILL * (1.0 + np.abs(place).max(initial=0.0))
            place = following
            if still:
                break
        heights = np.logaddexp.reduce(_log_parts(place[..., None, :], log_weights, mean, scale), axis=-1)
        best = heights.argmax(-1)[..., None, None]
        values: Array = np.take_along_axis(place, best, axis=-2)[..., 0, :]
        return values

    def quantile(self, parameters: Array, q: float) -> Array:
        """The q-quantile of each feature alone, `[..., F]` in float64; it lies between those of the components."""
        log_weights, mean, scale = self.split(parameters)
        return mixture_quantile(log_weights, mean, scale, q)

    def split(self, parameters: Array) -> tuple[Array, Array, Array]:
        """Log-weights `[..., M]`, means and standard deviations `[..., M, F]`, in float64."""
        count, features = self.components, self._features(parameters.shape[-1])
        wide = parameters.astype(np.float64)
        raw, mean, raw_scale = np.split(wide, [count, count * (1 + features)], axis=-1)
        shape = (*wide.shape[:-1], count, features)
        scale = np.logaddexp(0.0, raw_scale.reshape(shape)) + LEAST_SCALE
        return log_softmax(raw), mean.reshape(shape), scale

    def _log_parts(self, parameters: Array, values: Array) -> Array:
        return _log_parts(values, *self.split(parameters))

    def _features(self, size: int) -> int:
        return (size // self.components - 1) // 2


def _log_parts(values: Array, log_weights: Array, mean: Array, scale: Array) -> Array:
    """`log π_m N(y; μ_m, σ_m)` of values `[..., F]`, `[..., M]`; of places `[..., 1, F]` each is compared with all."""
    nested = values.ndim == mean.ndim + 1
    if nested:
        log_weights, mean, scale = log_weights[..., None, :], mean[..., None, :, :], scale[..., None, :, :]
    else:
        values = values[..., None, :]
    parts: Array = log_weights - (0.5 * np.square((values - mean) / scale) + np.log(scale) + HALF_LOG_TWO_PI).sum(-1)
    return parts


def log_softmax(raw: Array) -> Array:
    """`raw - log Σ exp(raw)` over the last axis."""
    logs: Array = raw - np.logaddexp.reduce(raw, axis=-1, keepdims=True)
    return logs


def pick(log_weights: Array, uniforms: Array) -> Array:
    """Columns `[...]` drawn with uniform numbers `[...]` from log-weights `[..., C]`, which need not be normalised."""
    weights = np.exp(log_weights - log_weights.max(-1, keepdims=True))
    edges = np.cumsum(weights, axis=-1)
    columns: Array = (uniforms[..., None] * edges[..., -1:] >= edges[..., :-1]).sum(-1)
    return columns


def mixture_quantile(log_weights: Array, mean: Array, scale: Array, q: float) -> Array:
    """The q-quantile of each feature of mixtures of Gaussians `[..., M]` and `[..., M, F]`; `[..., F]` in float64."""
    weights, each = np.exp(log_weights)[..., None], mean + scale * normal_quantile(np.array(q))

    def cumulative(x: Array) -> Array:
        area: Array = (weights * normal_cumulative((x[..., None, :] - mean) / scale)).sum(-2)
        return area

    def density(x: Array) -> Array:
        z = (x[..., None, :] - mean) / scale
        height: Array = (weights * np.exp(-0.5 * z * z - HALF_LOG_TWO_PI) / scale).sum(-2)
        return height

    low, high = each.min(-2), each.max(-2)
    return invert(cumulative, density, np.full_like(low, q), low, high)
