"""The bootstrap: what it must contain, how it narrows, that it is repeatable, and how often the test is fooled."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unspool.metrics.bleu import BLEU
from unspool.metrics.chrf import CHRF
from unspool.metrics.evaluation import Evaluation
from unspool.metrics.exact_match import EXACT_MATCH
from unspool.metrics.metric import Metric
from unspool.metrics.significance import interval, paired, resampled_sums
from unspool.metrics.ter import TER
from unspool.types import Array


def shares(right: Array) -> Array:
    """Outcomes of exact match."""
    return np.stack([right, np.ones(len(right))], axis=1)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.integers(0, 1), min_size=5, max_size=60), st.integers(0, 99))
def test_the_interval_of_a_share_holds_the_share(right: list[int], seed: int) -> None:
    outcomes = shares(np.array(right))
    low, high = interval(EXACT_MATCH, outcomes, resamples=300, seed=seed)
    assert 0 <= low <= EXACT_MATCH.value(outcomes) <= high <= 100


def test_the_interval_of_a_share_is_near_the_normal_one_and_narrows_with_the_root_of_n() -> None:
    for count in (400, 6400):
        low, high = interval(EXACT_MATCH, shares(np.arange(count) % 4 == 0), resamples=2000)
        wide = 100 * 2 * 1.96 * np.sqrt(0.25 * 0.75 / count)
        assert high - low == pytest.approx(wide, rel=0.12)


def test_each_draw_has_as_many_examples_as_there_are() -> None:
    sums = resampled_sums(np.stack([np.ones(9), np.arange(9)], axis=1), resamples=50)
    assert (sums[:, 0] == 9).all()
    assert sums[:, 1].std() > 0
    assert sums[:, 1].min() >= 0 and sums[:, 1].max() <= 72


def test_the_same_seed_draws_the_same_and_another_differs() -> None:
    values = shares(np.random.default_rng(0).normal(size=50))
    assert (resampled_sums(values, seed=3) == resampled_sums(values, seed=3)).all()
    assert (resampled_sums(values, seed=3) != resampled_sums(values, seed=4)).any()


def test_the_paired_test_finds_a_difference_that_the_intervals_hide() -> None:
    """Two systems that fail on much the same examples, one of them on a few more."""
    hard = np.arange(400) % 4 == 0
    one, other = shares(~hard), shares(~hard & (np.arange(400) % 40 != 1))
    assert interval(EXACT_MATCH, one)[0] < interval(EXACT_MATCH, other)[1]
    found = paired(EXACT_MATCH, one, other)
    assert found.difference == pytest.approx(2.5)
    assert found.interval[0] > 0 and found.p < 0.01


def test_systems_that_are_equally_good_seldom_differ() -> None:
    random = np.random.default_rng(0)
    sides = random.random((150, 2, 100)) < 0.7
    found = [paired(EXACT_MATCH, shares(one), shares(other), resamples=100).p for one, other in sides]
    assert np.mean(np.array(found) < 0.05) == pytest.approx(0.05, abs=0.04)
    assert np.median(found) == pytest.approx(0.5, abs=0.1)


@pytest.mark.parametrize("metric", [BLEU, CHRF, TER], ids=lambda metric: metric.name)
def test_the_paired_test_of_translations_is_that_of_their_figures(metric: Metric) -> None:
    right = [f"The {number} dogs run over the green field near the old house ." for number in range(60)]
    good = [text.replace("green", "red") if number % 3 else text for number, text in enumerate(right)]
    bad = [text.replace("old house", "house old") for text in good]
    one, other = (metric.outcomes(Evaluation(answers, [(text,) for text in right])) for answers in (good, bad))
    found = paired(metric, one, other)
    figures = [float(metric.value(outcomes)) for outcomes in (one, other)]
    assert found.difference == pytest.approx(figures[0] - figures[1])
    assert found.p < 0.05 and found.difference * metric.direction > 0
    assert paired(metric, one, one).p == 1
