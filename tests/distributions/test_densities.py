"""Every density: it integrates to one, and its samples, quantiles and mode are those of its log-density."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from unspool.distributions import WITH_COMPONENTS, distribution_of
from unspool.distributions.inversion import invert
from unspool.distributions.normal import normal_cumulative
from unspool.distributions.quantiles import LEVELS, Quantiles
from unspool.distributions.quantiles import split as quantiles_of
from unspool.distributions.student_t import StudentT, split
from unspool.errors import Mistake
from unspool.types import Array

# Parameters of one feature, and of two.
SIZES = {"gaussian": 2, "student_t": 3, "mixture-4": 12, "quantiles": len(LEVELS)}
every_density = pytest.mark.parametrize("name", SIZES)
GRID = np.sinh(np.linspace(-14, 14, 40_001))  # fine near zero, and far out


def parameters_of(name: str, seed: int = 1) -> Array:
    return np.random.default_rng(seed).normal(0.5, 1.0, SIZES[name]).astype(np.float32)


def density_on(name: str, parameters: Array, grid: Array) -> Array:
    one = distribution_of(name)
    return np.exp(one.log_prob(np.broadcast_to(parameters, (len(grid), len(parameters))), grid[:, None]))


def cumulative_on(name: str, parameters: Array, grid: Array) -> Array:
    density = density_on(name, parameters, grid)
    return np.concatenate([[0.0], np.cumsum(0.5 * (density[1:] + density[:-1]) * np.diff(grid))])


@every_density
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_density_integrates_to_one(name: str, seed: int) -> None:
    assert cumulative_on(name, parameters_of(name, seed), GRID)[-1] == pytest.approx(1, abs=1e-3)


@every_density
def test_samples_follow_the_density(name: str) -> None:
    """Kolmogorov and Smirnov's test, at the 0.1 % level."""
    one, parameters, count = distribution_of(name), parameters_of(name), 20_000
    uniforms = np.random.default_rng(3).random((count, one.count_uniforms(len(parameters))))
    samples = one.sample(np.broadcast_to(parameters, (count, len(parameters))), uniforms)
    assert samples.shape == (count, 1)
    area = cumulative_on(name, parameters, GRID)
    found = stats.kstest(samples[:, 0], lambda x: np.interp(x, GRID, area))
    assert found.pvalue > 0.001


@every_density
@pytest.mark.parametrize("q", [0.003, 0.05, 0.33, 0.5, 0.9, 0.998])
def test_a_quantile_has_its_share_of_the_mass_below_it(name: str, q: float) -> None:
    parameters = parameters_of(name)
    place = distribution_of(name).quantile(parameters, q)
    assert np.interp(place[0], GRID, cumulative_on(name, parameters, GRID)) == pytest.approx(q, abs=1e-3)


@pytest.mark.parametrize("name", [name for name in SIZES if name != "quantiles"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_no_value_is_likelier_than_the_mode(name: str, seed: int) -> None:
    parameters, one = parameters_of(name, seed), distribution_of(name)
    best = one.log_prob(parameters, one.mode(parameters))
    assert math.exp(best) >= density_on(name, parameters, GRID).max() - 1e-9


@every_density
def test_a_batch_of_several_features_equals_its_parts(name: str) -> None:
    one, (rows, steps) = distribution_of(name), (3, 2)
    draw = np.random.default_rng(1)
    size = {"mixture-4": 4 * (1 + 2 * 2)}.get(name, 2 * SIZES[name])
    parameters, values = draw.normal(size=(rows, steps, size)), draw.normal(size=(rows, steps, 2))
    uniforms = draw.random((rows, steps, one.count_uniforms(size)))
    answers = {
        "log_prob": lambda p, y, u: one.log_prob(p, y), "sample": lambda p, y, u: one.sample(p, u, 0.7),
        "mode": lambda p, y, u: one.mode(p), "quantile": lambda p, y, u: one.quantile(p, 0.3),
    }  # fmt: skip
    for label, answer in answers.items():
        together = answer(parameters, values, uniforms)
        assert together.shape == ((rows, steps) if label == "log_prob" else (rows, steps, 2)), label
        alone = answer(parameters[1, 1], values[1, 1], uniforms[1, 1])
        np.testing.assert_allclose(together[1, 1], alone, atol=1e-9, err_msg=label)


@every_density
def test_a_low_temperature_draws_near_the_middle_and_the_ends_of_uniforms_are_finite(name: str) -> None:
    one, parameters = distribution_of(name), parameters_of(name)
    count = one.count_uniforms(len(parameters))
    uniforms, many = np.random.default_rng(1).random((2000, count)), np.broadcast_to(parameters, (2000, SIZES[name]))
    spreads = [one.sample(many, uniforms, temperature).std() for temperature in (0.01, 0.5, 1.0)]
    assert spreads[0] < 0.2 * spreads[1] and spreads[1] < spreads[2]
    for end in (0.0, 1 - 2**-53):
        assert np.isfinite(one.sample(parameters, np.full(count, end), 5.0)).all()


def test_student_t_is_that_of_scipy_at_any_degrees() -> None:
    one = StudentT()
    for raw in (-30.0, 0.0, 3.0, 40.0):
        parameters = np.array([0.3, -0.4, raw])
        location, scale, degrees = (float(part[0]) for part in split(parameters))
        known = stats.t(degrees, location, scale)
        assert 2 < degrees <= 100
        assert one.log_prob(parameters, np.array([1.7])) == pytest.approx(known.logpdf(1.7), rel=1e-9)
        for q in (1e-4, 0.1, 0.5, 0.975):
            assert one.quantile(parameters, q)[0] == pytest.approx(known.ppf(q), rel=1e-6, abs=1e-9)


def test_a_power_of_a_student_t_is_what_its_temperature_draws() -> None:
    one, parameters, count, temperature = StudentT(), np.array([0.3, -0.4, 0.5]), 20_000, 0.5
    uniforms = np.random.default_rng(3).random((count, 2))
    samples = one.sample(np.broadcast_to(parameters, (count, 3)), uniforms, temperature)
    density = density_on("student_t", parameters, GRID) ** (1 / temperature)
    area = np.concatenate([[0.0], np.cumsum(0.5 * (density[1:] + density[:-1]) * np.diff(GRID))])
    assert stats.kstest(samples[:, 0], lambda x: np.interp(x, GRID, area / area[-1])).pvalue > 0.001


def test_quantiles_rise_and_are_those_of_the_network() -> None:
    one, parameters = Quantiles(), np.random.default_rng(1).normal(0, 30, (50, 2 * len(LEVELS)))
    places = quantiles_of(parameters)
    assert (np.diff(places, axis=1) > 0).all()
    for number, level in enumerate(LEVELS):
        np.testing.assert_allclose(one.quantile(parameters, level), places[:, number], rtol=1e-9, atol=1e-9)
    np.testing.assert_array_equal(one.mode(parameters), parameters[:, :2])


def test_the_normal_distribution_function_is_that_of_scipy() -> None:
    x = np.concatenate([np.linspace(-40, 40, 2001), [-0.66, 0.66, -5.7, 5.7, 0.0]])
    np.testing.assert_allclose(normal_cumulative(x), stats.norm.cdf(x), rtol=1e-12, atol=1e-290)


def test_inversion_finds_a_place_where_newtons_steps_fail() -> None:
    places = invert(lambda x: np.where(x < 0.7, 0.0, 1.0), np.zeros_like, *(np.array([v]) for v in (0.5, -1.0, 1.0)))
    assert places[0] == pytest.approx(0.7)


def test_a_mixture_is_found_by_the_number_of_its_components() -> None:
    for kind in WITH_COMPONENTS:
        assert distribution_of(f"{kind}-20").name == f"{kind}-20"
    for wrong in ("mixture", "mixture-0", "mixture-x", "mixture-99999999999"):
        with pytest.raises(Mistake, match="no distribution"):
            distribution_of(wrong)
