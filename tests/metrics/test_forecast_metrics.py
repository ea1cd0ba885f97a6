"""Metrics of forecasts, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from unspool.metrics.crps import CRPS
from unspool.metrics.evaluation import Evaluation
from unspool.metrics.forecast import JudgedForecast
from unspool.metrics.interval_coverage import COVERAGE
from unspool.metrics.interval_width import WIDTH
from unspool.metrics.mase import MASE
from unspool.metrics.metric import Metric
from unspool.metrics.owa import OWA, is_seasonal, naive_2, seasonal_indices
from unspool.metrics.smape import SMAPE
from unspool.types import Array

LEVELS = np.array([0.1, 0.5, 0.9])


def judged(actual: list[float], mean: list[float], history: list[float], season: int = 1) -> JudgedForecast:
    point = np.array(mean)
    return JudgedForecast(
        np.array(actual), point, LEVELS, np.stack([point - 1, point, point + 1], 1), np.array(history), season
    )


def value(metric: Metric, *forecasts: JudgedForecast) -> float:
    return metric.value(metric.outcomes(Evaluation(forecasts=forecasts)))


def seasonal_history(season: int = 4, seasons: int = 12) -> Array:
    factors = 1 + 0.3 * np.sin(np.arange(season) * 2 * np.pi / season)
    return np.tile(factors / factors.mean(), seasons) * 10


def test_the_scaled_error_is_in_units_of_the_seasonal_naive_error() -> None:
    one = judged([10, 12], [11, 10], [1, 2, 3, 5, 3, 6], season=2)
    assert one.scale == pytest.approx((2 + 3 + 0 + 1) / 4)
    assert value(MASE, one) == pytest.approx(1.5 / 1.5)


def test_a_history_shorter_than_a_season_is_differenced_at_a_lag_of_one() -> None:
    assert judged([1], [1], [1, 4, 6], season=12).scale == pytest.approx(2.5)


def test_a_constant_history_has_no_scale_and_does_not_count() -> None:
    constant, usual = judged([1], [2], [3, 3, 3]), judged([1], [2], [3, 4])
    for metric in (MASE, CRPS, WIDTH):
        assert value(metric, constant, usual) == pytest.approx(value(metric, usual))


def test_the_percentage_error_is_between_0_and_200() -> None:
    assert value(SMAPE, judged([0, 1], [0, 3], [1, 2])) == pytest.approx(200 * (0 + 2 / 4) / 2)
    assert value(SMAPE, judged([5], [0], [1, 2])) == pytest.approx(200)


def test_naive_2_puts_the_season_on_the_last_level() -> None:
    history = seasonal_history()
    assert is_seasonal(history, 4)
    assert seasonal_indices(history, 4) == pytest.approx(history[:4] / 10)
    assert naive_2(history[:-1], 4, 6) == pytest.approx(np.tile(history[:4], 3)[3:9])


def test_naive_2_of_a_series_without_a_season_is_its_last_value() -> None:
    walk = np.random.default_rng(1).normal(size=80).cumsum() + 50
    assert naive_2(walk, 1, 3).tolist() == [walk[-1]] * 3
    assert not is_seasonal(seasonal_history()[:11], 4), "fewer than three seasons"


def test_the_overall_average_of_naive_2_is_1() -> None:
    history = seasonal_history()
    both = [
        judged([12, 9], naive_2(one, season, 2).tolist(), one.tolist(), season)
        for one, season in ((history, 4), (history[:7] + 1, 1))
    ]
    assert value(OWA, *both) == pytest.approx(1)
    better = [one._replace(mean=(one.mean + one.actual) / 2) for one in both]
    assert value(OWA, *better) < 1


def test_a_forecast_without_spread_has_its_absolute_error_as_its_probability_score() -> None:
    one = judged([3.0, 5.0], [4.0, 2.0], [1, 2])
    one = one._replace(quantiles=np.repeat(one.mean[:, None], 3, axis=1), levels=np.array([0.25, 0.5, 0.75]))
    assert value(CRPS, one) == pytest.approx(value(MASE, one), rel=0.2)
    many = np.linspace(0.005, 0.995, 100)
    fine = one._replace(quantiles=np.repeat(one.mean[:, None], 100, axis=1), levels=many)
    assert value(CRPS, fine) == pytest.approx(value(MASE, fine), rel=1e-3)


def test_the_probability_score_is_least_for_the_right_spread() -> None:
    levels = np.linspace(0.05, 0.95, 19)
    actual = np.quantile(np.random.default_rng(0).normal(size=4000), np.linspace(0, 1, 400))
    right = np.quantile(actual, levels)
    scores = []
    for factor in (0.3, 1.0, 3.0):
        quantiles = np.tile(factor * right, (400, 1))
        one = JudgedForecast(actual, np.zeros(400), levels, quantiles, np.arange(9.0))
        scores.append(value(CRPS, one))
    assert scores[1] == min(scores)


def test_coverage_counts_values_and_width_is_scaled() -> None:
    one = judged([10, 12, 14], [10, 13, 20], [0, 2, 4])
    assert value(COVERAGE, one) == pytest.approx(200 / 3)
    assert value(WIDTH, one) == pytest.approx(2 / 2)
    assert COVERAGE.details(Evaluation(forecasts=[one])) == {"interval": 80.0}
