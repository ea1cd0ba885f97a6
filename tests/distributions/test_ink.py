"""The density of a point of ink: Graves's equations, its integral, its samples, its mode."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from unspool.distributions import distribution_of
from unspool.distributions.ink import END, MOST_CORRELATION, UP, PenPoint, split
from unspool.types import Array

ONE, COMPONENTS = PenPoint(), 3


def parameters_of(seed: int = 1) -> Array:
    return np.random.default_rng(seed).normal(0.0, 1.0, 3 + 6 * COMPONENTS).astype(np.float32)


def by_the_paper(parameters: Array, point: Array) -> float:
    """(24) and (25) of one point, with this pen; and the pen's softmax."""
    pen, log_weights, mean, scale, correlation = split(parameters)
    dx, dy, state = point
    total = 0.0
    for m in range(COMPONENTS):
        (x, y), (sx, sy), rho = mean[m], scale[m], correlation[m]
        z = ((dx - x) / sx) ** 2 + ((dy - y) / sy) ** 2 - 2 * rho * (dx - x) * (dy - y) / (sx * sy)
        height = 2 * math.pi * sx * sy * math.sqrt(1 - rho**2)
        total += math.exp(log_weights[m]) * math.exp(-z / (2 * (1 - rho**2))) / height
    return math.log(total) + pen[int(state)]


def test_the_density_is_that_of_the_paper() -> None:
    for seed in range(5):
        parameters, draw = parameters_of(seed), np.random.default_rng(seed)
        for state in range(3):
            point = np.array([*draw.normal(size=2), state])
            assert ONE.log_prob(parameters, point) == pytest.approx(by_the_paper(parameters, point), rel=1e-9)
        assert ONE.log_prob(parameters, np.array([0.0, 0.0, 0.5])) == -np.inf
        pen, log_weights, *_, correlation = split(parameters)
        assert np.exp(pen).sum() == pytest.approx(1) and np.exp(log_weights).sum() == pytest.approx(1)
        assert np.abs(correlation).max() <= MOST_CORRELATION


def test_it_integrates_to_one_over_the_plane_and_the_states_of_the_pen() -> None:
    grid = np.linspace(-12, 12, 401)
    dx, dy = (part.ravel() for part in np.meshgrid(grid, grid))
    parameters = np.broadcast_to(parameters_of(), (len(dx), 3 + 6 * COMPONENTS))
    total = 0.0
    for state in range(3):
        points = np.stack([dx, dy, np.full_like(dx, state)], axis=1)
        total += np.exp(ONE.log_prob(parameters, points)).sum() * (grid[1] - grid[0]) ** 2
    assert total == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize(("temperature", "bias"), [(1.0, 0.0), (1.0, 1.0), (0.5, 0.0)])
def test_samples_follow_the_density_as_it_is_tempered_and_biased(temperature: float, bias: float) -> None:
    """Along any line through the plane a sample is a mixture of Gaussians: Kolmogorov and Smirnov's test of two."""
    count, parameters = 20_000, parameters_of()
    uniforms = np.random.default_rng(3).random((count, ONE.count_uniforms(len(parameters))))
    samples = ONE.sample(np.broadcast_to(parameters, (count, len(parameters))), uniforms, temperature, bias)
    pen, log_weights, mean, scale, correlation = split(parameters)
    weights = np.exp(log_weights * (1 + bias) / temperature)
    scale = scale * math.sqrt(temperature) * math.exp(-bias)
    for along in (np.array([1.0, 0.0]), np.array([0.0, 1.0]), np.array([0.8, -0.6])):
        deviation = np.sqrt((np.square(scale * along)).sum(1) + 2 * correlation * scale.prod(1) * along.prod())

        def cumulative(x: Array, along: Array = along, deviation: Array = deviation) -> Array:
            each = stats.norm.cdf((x[:, None] - mean @ along) / deviation)
            return each @ (weights / weights.sum())

        assert stats.kstest(samples[:, :2] @ along, cumulative).pvalue > 0.001
    states = np.exp(pen / temperature)
    expected = states / states.sum() * count
    assert stats.chisquare(np.bincount(samples[:, 2].astype(int), minlength=3), expected).pvalue > 0.001


def test_no_point_is_likelier_than_the_mode() -> None:
    draw = np.random.default_rng(1)
    for seed in range(10):
        parameters = parameters_of(seed)
        mode = ONE.mode(parameters)
        best = ONE.log_prob(parameters, mode)
        others = np.concatenate([draw.normal(0, 2, (2000, 2)), draw.integers(0, 3, (2000, 1))], axis=1)
        near = mode + np.concatenate([draw.normal(0, 0.01, (100, 2)), np.zeros((100, 1))], axis=1)
        every = np.concatenate([others, near])
        assert (ONE.log_prob(np.broadcast_to(parameters, (len(every), len(parameters))), every) <= best + 1e-9).all()


def test_quantiles_are_those_of_the_samples() -> None:
    count, parameters = 40_000, parameters_of()
    uniforms = np.random.default_rng(3).random((count, 4))
    samples = ONE.sample(np.broadcast_to(parameters, (count, len(parameters))), uniforms)
    for q in (0.1, 0.5, 0.9):
        found = ONE.quantile(parameters, q)
        shares = (samples[:, :2] < found[:2]).mean(0)
        np.testing.assert_allclose(shares, q, atol=0.01)
        assert found[2] == np.quantile(samples[:, 2], q)


def test_a_drawing_ends_with_the_pens_third_state() -> None:
    assert distribution_of("ink").ending == END > UP
    assert all(distribution_of(name).ending is None for name in ("gaussian", "student_t", "quantiles", "mixture-2"))


def test_a_batch_equals_its_parts() -> None:
    draw = np.random.default_rng(1)
    parameters, points = draw.normal(size=(3, 2, 21)), draw.normal(size=(3, 2, 3))
    points[..., 2] = draw.integers(0, 3, (3, 2))
    uniforms = draw.random((3, 2, 4))
    np.testing.assert_allclose(ONE.log_prob(parameters, points)[1, 1], ONE.log_prob(parameters[1, 1], points[1, 1]))
    np.testing.assert_allclose(ONE.sample(parameters, uniforms)[1, 1], ONE.sample(parameters[1, 1], uniforms[1, 1]))
    np.testing.assert_allclose(ONE.mode(parameters)[1, 1], ONE.mode(parameters[1, 1]), atol=1e-6)
    np.testing.assert_allclose(ONE.quantile(parameters, 0.3)[1, 1], ONE.quantile(parameters[1, 1], 0.3), atol=1e-6)
