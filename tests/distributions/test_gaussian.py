"""A Gaussian against its formula, its integral and its samples."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unspool.distributions import DISTRIBUTIONS, distribution_of
from unspool.distributions.gaussian import LEAST_SCALE, Gaussian, split
from unspool.distributions.normal import normal_quantile
from unspool.errors import Mistake

ONE = Gaussian()
PARAMETERS = np.array([0.5, -1.0, 0.3, -2.0], dtype=np.float32)  # two features
NUMBERS = st.floats(-20, 20)


def scale(raw: float) -> float:
    return math.log1p(math.exp(raw)) + LEAST_SCALE


@given(st.lists(NUMBERS, min_size=4, max_size=4), st.lists(NUMBERS, min_size=2, max_size=2))
def test_the_log_density_is_that_of_the_formula(parameters: list[float], values: list[float]) -> None:
    found = ONE.log_prob(np.array(parameters), np.array(values))
    expected = 0.0
    for y, mu, raw in zip(values, parameters[:2], parameters[2:], strict=True):
        sigma = scale(raw)
        expected += -((y - mu) ** 2) / (2 * sigma**2) - math.log(sigma * math.sqrt(2 * math.pi))
    assert found == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("raw", [-30.0, -3.0, 0.0, 4.0])
def test_the_density_integrates_to_one(raw: float) -> None:
    grid = np.linspace(-12, 12, 20_001) * scale(raw)
    density = np.exp(ONE.log_prob(np.broadcast_to([0.0, raw], (len(grid), 2)), grid[:, None]))
    assert np.trapezoid(density, grid) == pytest.approx(1, abs=1e-9)


def test_samples_follow_the_distribution() -> None:
    """Kolmogorov and Smirnov: the largest distance of both distribution functions, at the 0.1 % level."""
    count = 20_000
    uniforms = np.random.default_rng(3).random((count, 2))
    samples = ONE.sample(np.broadcast_to(PARAMETERS, (count, 4)), uniforms)
    for feature in range(2):
        ordered = np.sort(samples[:, feature])
        normal = NormalDist(float(PARAMETERS[feature]), scale(float(PARAMETERS[2 + feature])))
        expected = np.array([normal.cdf(value) for value in ordered])
        steps = np.arange(count + 1) / count
        distance = max(np.abs(steps[1:] - expected).max(), np.abs(steps[:-1] - expected).max())
        assert distance < 1.95 / math.sqrt(count)
    assert abs(np.corrcoef(samples.T)[0, 1]) < 4 / math.sqrt(count)


def test_temperature_narrows_as_a_power_of_the_density_does() -> None:
    uniforms = np.random.default_rng(3).random((1000, 2))
    parameters = np.broadcast_to(PARAMETERS, (1000, 4))
    mean, _ = split(parameters)
    np.testing.assert_allclose(
        ONE.sample(parameters, uniforms, 0.25) - mean, 0.5 * (ONE.sample(parameters, uniforms) - mean)
    )


def test_quantiles_and_mode_are_those_of_each_feature() -> None:
    for feature in range(2):
        normal = NormalDist(float(PARAMETERS[feature]), scale(float(PARAMETERS[2 + feature])))
        for q in (0.05, 0.5, 0.9):
            assert ONE.quantile(PARAMETERS, q)[feature] == pytest.approx(normal.inv_cdf(q))
    np.testing.assert_array_equal(ONE.mode(PARAMETERS), PARAMETERS[:2])
    np.testing.assert_allclose(ONE.quantile(PARAMETERS, 0.5), ONE.mode(PARAMETERS))
    assert ONE.count_uniforms(len(PARAMETERS)) == 2


@given(st.floats(2**-54, 1 - 2**-53))
def test_the_normal_quantile_is_that_of_the_standard_library(p: float) -> None:
    assert normal_quantile(np.array(p)) == pytest.approx(NormalDist().inv_cdf(p), rel=1e-12, abs=1e-15)


def test_no_uniform_number_draws_infinity() -> None:
    ends = normal_quantile(np.array([0.0, 1.0]))
    assert np.isfinite(ends).all() and ends[0] < -8 and ends[1] > 8


def test_distributions_are_found_by_name() -> None:
    assert all(distribution_of(name).name == name for name in DISTRIBUTIONS)
    with pytest.raises(Mistake, match="no distribution 'gausian'") as caught:
        distribution_of("gausian")
    assert "gaussian" in caught.value.remedy
