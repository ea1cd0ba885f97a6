"""Independent Gaussians, one for each feature of an item."""

from __future__ import annotations

import math

import numpy as np

from unspool.distributions.normal import normal_quantile
from unspool.types import Array

# The least standard deviation: its square and its logarithm are finite in float32 and in bfloat16.
LEAST_SCALE = 1e-4
HALF_LOG_TWO_PI = 0.5 * math.log(2 * math.pi)


class Gaussian:
    """Parameters `[..., 2F]`: F means μ, then F raw scales s; σ = log(1 + exp(s)) + `LEAST_SCALE`."""

    name = "gaussian"
    ending: float | None = None

    def log_prob(self, parameters: Array, values: Array) -> Array:
        """`Σ_f -((y_f - μ_f) / σ_f)² / 2 - log σ_f - log(2π) / 2`, `[...]` in float64."""
        mean, scale = split(parameters)
        log_densities = -0.5 * np.square((values - mean) / scale) - np.log(scale) - HALF_LOG_TWO_PI
        total: Array = log_densities.sum(-1)
        return total

    def count_uniforms(self, size: int) -> int:
        """One uniform number for each feature."""
        return size // 2

    def sample(self, parameters: Array, uniforms: Array, temperature: float = 1.0, bias: float = 0.0) -> Array:
        """Samples by the inverse of the distribution function, `[..., F]` in float64.

        The density to the power 1/T, normalised, is again a Gaussian, with σ √T. A bias b makes it σ exp(-b).
        """
        mean, scale = split(parameters)
        values: Array = mean + math.sqrt(temperature) * math.exp(-bias) * scale * normal_quantile(uniforms)
        return values

    def mode(self, parameters: Array) -> Array:
        """The means, `[..., F]` in float64."""
        return split(parameters)[0]

    def quantile(self, parameters: Array, q: float) -> Array:
        """`μ + σ Φ⁻¹(q)`, `[..., F]` in float64."""
        mean, scale = split(parameters)
        values: Array = mean + scale * normal_quantile(np.array(q))
        return values


def split(parameters: Array) -> tuple[Array, Array]:
    """Means and standard deviations `[..., F]`, in float64."""
    mean, raw = np.split(parameters.astype(np.float64), 2, axis=-1)
    return mean, np.logaddexp(0.0, raw) + LEAST_SCALE
