"""Independent Student t distributions, one for each feature of an item: like Gaussians, but with heavy tails."""

from __future__ import annotations

import math

import numpy as np

from unspool.distributions.inversion import invert
from unspool.distributions.normal import LEAST
from unspool.types import Array

LEAST_SCALE = 1e-4
# Degrees of freedom ν: above 2, so that there is a variance; with 100 the distribution is nearly a Gaussian, and beyond
# that the difference of two logarithms of Γ would have no digits left in float32. A raw 0 is about 6.6.
LEAST_DEGREES, MOST_DEGREES, RAW_SHIFT = 2.01, 100.0, 3.0
# With fewer degrees of freedom, as at high temperatures, samples would overflow.
LEAST_TEMPERED = 0.5
# Gauss and Legendre's nodes and weights: exact to twelve digits for the powers of a cosine that occur here.
NODES, WEIGHTS = np.polynomial.legendre.leggauss(64)


class StudentT:
    """Parameters `[..., 3F]`: F locations μ, F raw scales s, F raw degrees of freedom r.

    σ = log(1 + exp(s)) + `LEAST_SCALE`; ν lies between `LEAST_DEGREES` and `MOST_DEGREES`, by a logistic function of
    r - `RAW_SHIFT`.
    """

    name = "student_t"
    ending: float | None = None

    def log_prob(self, parameters: Array, values: Array) -> Array:
        """`Σ_f log Γ((ν+1)/2) - log Γ(ν/2) - log(νπ)/2 - log σ - (ν+1)/2 log(1 + z²/ν)`, `[...]` in float64."""
        location, scale, degrees = split(parameters)
        z = (values - location) / scale
        log_densities = log_constant(degrees) - np.log(scale) - 0.5 * (degrees + 1) * np.log1p(z * z / degrees)
        total: Array = log_densities.sum(-1)
        return total

    def count_uniforms(self, size: int) -> int:
        """Two uniform numbers for each feature."""
        return size // 3 * 2

    def sample(self, parameters: Array, uniforms: Array, temperature: float = 1.0, bias: float = 0.0) -> Array:
        """Samples by the polar method, `[..., F]` in float64: `√(ν (u^(-2/ν) - 1)) cos(2πv)`.

        Bailey 1994: Polar Generation of Random Variates with the t-Distribution. Mathematics of Computation 62(206).
        The density to the power 1/T, normalised, is again a Student t, with ν' = (ν + 1) / T - 1 and ν' σ'² = ν σ².
        A bias b makes the scale σ exp(-b).
        """
        location, scale, degrees = split(parameters)
        tempered = np.maximum((degrees + 1) / temperature - 1, LEAST_TEMPERED)
        scale = scale * np.sqrt(degrees / tempered) * math.exp(-bias)
        u, v = np.split(uniforms, 2, axis=-1)
        radius = np.sqrt(tempered * np.expm1(-2.0 / tempered * np.log(np.maximum(u, LEAST))))
        values: Array = location + scale * radius * np.cos(2 * np.pi * v)
        return values

    def mode(self, parameters: Array) -> Array:
        """The locations, `[..., F]` in float64."""
        return split(parameters)[0]

    def quantile(self, parameters: Array, q: float) -> Array:
        """The q-quantile of each feature, `[..., F]` in float64.

        With z = √ν tan θ, the distribution function is `1/2 + c ∫_0^θ cos^(ν-1)`, a smooth integral over an angle.
        """
        location, scale, degrees = split(parameters)
        constant = np.exp(log_constant(degrees)) * np.sqrt(degrees)

        def density(angle: Array) -> Array:
            height: Array = constant * np.cos(angle) ** (degrees - 1)
            return height

        def cumulative(angle: Array) -> Array:
            angles = 0.5 * angle[..., None] * (NODES + 1)
            heights = np.cos(angles) ** (degrees[..., None] - 1)
            area: Array = 0.5 + constant * 0.5 * angle * (heights @ WEIGHTS)
            return area

        ends = np.full_like(degrees, np.pi / 2)
        angle = invert(cumulative, density, np.full_like(degrees, np.clip(q, 1e-15, 1 - 1e-15)), -ends, ends)
        values: Array = location + scale * np.sqrt(degrees) * np.tan(angle)
        return values


def split(parameters: Array) -> tuple[Array, Array, Array]:
    """Locations, scales and degrees of freedom `[..., F]`, in float64."""
    location, raw_scale, raw_degrees = np.split(parameters.astype(np.float64), 3, axis=-1)
    share = 1.0 / (1.0 + np.exp(np.clip(RAW_SHIFT - raw_degrees, -700, 700)))
    degrees = LEAST_DEGREES + (MOST_DEGREES - LEAST_DEGREES) * share
    return location, np.logaddexp(0.0, raw_scale) + LEAST_SCALE, degrees


def log_constant(degrees: Array) -> Array:
    """`log Γ((ν+1)/2) - log Γ(ν/2) - log(νπ)/2`."""
    gammas = _log_gamma(0.5 * (degrees + 1)) - _log_gamma(0.5 * degrees)
    constant: Array = gammas - 0.5 * np.log(degrees * np.pi)
    return constant


def _log_gamma(x: Array) -> Array:
    return np.array([math.lgamma(each) for each in x.ravel().tolist()]).reshape(x.shape)
