"""What is true of every metric of the registry."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from unspool.metrics.evaluation import Evaluation
from unspool.metrics.forecast import JudgedForecast
from unspool.metrics.metric import Metric
from unspool.metrics.report import METRICS, evaluate
from unspool.metrics.significance import interval, paired
from unspool.types import Array

N = 60
WORDS = np.array(["the", "cat", "sat", "on", "a", "mat", "and", "saw", "two", "dogs", "run", "가다"])
every_metric = pytest.mark.parametrize("metric", METRICS.values(), ids=METRICS)


def examples(metric: Metric, quality: float, seed: int = 0) -> dict[str, Any]:
    """Examples of what the metric needs, with answers that are right as often, or as nearly, as `quality` is high."""
    random = np.random.default_rng(0)
    noise = np.random.default_rng(seed)
    lengths = random.integers(4, 9, N)
    if metric.needs == "log_likelihoods":
        return {"log_likelihoods": -noise.gamma(4, 1 - quality, N) * lengths, "lengths": lengths}
    if metric.needs == "values":
        right = [random.normal(size=(length, 2)) for length in lengths]
        answers = [values + (1 - quality) * noise.normal(size=values.shape) for values in right]
        return {"answers": answers, "references": [(values,) for values in right]}
    if metric.needs == "forecasts":
        return {"forecasts": [forecast(random.normal(20, 1, 40).cumsum(), 1 - quality, noise) for _ in range(N)]}
    texts = [[random.choice(WORDS, length) for _ in range(1 + length % 2)] for length in lengths]
    given = [[word if noise.random() < quality else noise.choice(WORDS) for word in first] for first, *_ in texts]
    references = [tuple(" ".join(text) for text in listed) for listed in texts]
    return {"answers": [" ".join(words) for words in given], "references": references, "split": str.split}


def forecast(series: Array, error: float, noise: np.random.Generator) -> JudgedForecast:
    """A forecast of the last 8 values, with errors and an interval that grow with `error`."""
    history, actual = series[:-8], series[-8:]
    mean = actual + 2 * error * noise.normal(size=8)
    levels = np.array([0.05, 0.5, 0.95])
    return JudgedForecast(actual, mean, levels, mean[:, None] + (0.5 + error) * np.array([-1, 0, 1]), history, 4)


def reorder(given: dict[str, Any], order: Any) -> dict[str, Any]:
    return {
        name: value[order] if isinstance(value, np.ndarray) else value if callable(value) else [value[i] for i in order]
        for name, value in given.items()
    }


@every_metric
def test_the_figure_is_that_of_the_outcomes_of_all_examples(metric: Metric) -> None:
    figures = evaluate(Evaluation(**examples(metric, 0.8)), [metric.name], resamples=300)
    outcomes, estimate = figures.outcomes[metric.name], figures.estimates[metric.name]
    assert outcomes.shape == (N, outcomes.shape[1])
    assert metric.scale * metric.aggregate(outcomes.sum(axis=0)) == pytest.approx(estimate.value)
    assert estimate.interval is not None
    assert estimate.interval[0] < estimate.value < estimate.interval[1]


@every_metric
def test_many_sums_at_once_have_the_figures_of_each(metric: Metric) -> None:
    outcomes = metric.outcomes(Evaluation(**examples(metric, 0.8)))
    parts = [outcomes[:20], outcomes[20:25], outcomes]
    together = metric.scale * metric.aggregate(np.stack([part.sum(axis=0) for part in parts]))
    assert together.tolist() == pytest.approx([metric.value(part) for part in parts])


@every_metric
def test_some_examples_have_the_figure_that_they_have_alone(metric: Metric) -> None:
    given, chosen = examples(metric, 0.8), np.arange(3, N, 7)
    outcomes = metric.outcomes(Evaluation(**given))
    alone = metric.outcomes(Evaluation(**reorder(given, chosen)))
    assert metric.value(outcomes[chosen]) == pytest.approx(metric.value(alone))


@every_metric
def test_the_order_of_examples_does_not_matter(metric: Metric) -> None:
    given = examples(metric, 0.8)
    backwards = reorder(given, np.arange(N)[::-1])
    one, other = (metric.value(metric.outcomes(Evaluation(**side))) for side in (given, backwards))
    assert one == pytest.approx(other)


@every_metric
def test_better_answers_have_a_figure_in_the_better_direction(metric: Metric) -> None:
    assert metric.direction in (1, -1)
    good, bad = (metric.value(metric.outcomes(Evaluation(**examples(metric, quality)))) for quality in (0.9, 0.4))
    assert metric.direction * (good - bad) > 0


@every_metric
def test_the_paired_test_tells_good_from_bad_and_turns_around_with_its_sides(metric: Metric) -> None:
    good, bad = (metric.outcomes(Evaluation(**examples(metric, quality))) for quality in (0.9, 0.4))
    found, turned = paired(metric, good, bad, resamples=200), paired(metric, bad, good, resamples=200)
    assert found.difference == metric.value(good) - metric.value(bad)
    assert found.interval[0] < found.difference < found.interval[1]
    assert found.p == 1 / 201
    assert turned.difference == -found.difference and turned.p == found.p
    assert turned.interval == pytest.approx((-found.interval[1], -found.interval[0]))


@every_metric
def test_a_system_does_not_differ_from_itself(metric: Metric) -> None:
    outcomes = metric.outcomes(Evaluation(**examples(metric, 0.6)))
    found = paired(metric, outcomes, outcomes, resamples=50)
    assert (found.difference, found.p) == (0, 1)
    assert found.interval[0] < 0 < found.interval[1]  # other examples might tell them apart


@every_metric
def test_the_same_seed_draws_the_same_interval(metric: Metric) -> None:
    outcomes = metric.outcomes(Evaluation(**examples(metric, 0.6)))
    once, again, other = (interval(metric, outcomes, resamples=50, seed=seed) for seed in (3, 3, 4))
    assert once == again
    assert (once != other) == (metric.name != "exact_match")  # an exact interval draws nothing
