"""The bootstrap: what it must contain, how it narrows, and that it is repeatable."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unspool.metrics.significance import bootstrap_interval, ratio, resampled_sums


@settings(deadline=None, max_examples=40)
@given(st.lists(st.integers(0, 1), min_size=5, max_size=60), st.integers(0, 99))
def test_the_interval_of_a_share_holds_the_share(right: list[int], seed: int) -> None:
    low, high = bootstrap_interval(np.array(right), resamples=300, seed=seed)
    assert 0 <= low <= np.mean(right) <= high <= 1


def test_the_interval_of_a_share_is_near_the_normal_one_and_narrows_with_the_root_of_n() -> None:
    for count in (400, 6400):
        right = np.arange(count) % 4 == 0
        low, high = bootstrap_interval(right.astype(int), resamples=2000)
        wide = 2 * 1.96 * np.sqrt(0.25 * 0.75 / count)
        assert high - low == pytest.approx(wide, rel=0.12)


def test_sources_are_drawn_whole() -> None:
    lengths = np.array([1, 100, 3, 7])
    assert bootstrap_interval(2 * lengths, lengths) == (2.0, 2.0)


def test_each_draw_has_as_many_sources_as_there_are() -> None:
    sums = resampled_sums(np.stack([np.ones(9), np.arange(9)], axis=1), resamples=50)
    assert (sums[:, 0] == 9).all()
    assert sums[:, 1].std() > 0
    assert sums[:, 1].min() >= 0 and sums[:, 1].max() <= 72


def test_the_same_seed_draws_the_same_and_another_differs() -> None:
    values = np.random.default_rng(0).normal(size=50)
    assert bootstrap_interval(values, seed=3) == bootstrap_interval(values, seed=3)
    assert bootstrap_interval(values, seed=3) != bootstrap_interval(values, seed=4)


def test_an_estimate_is_in_percent_and_has_no_interval_without_resamples() -> None:
    edits, lengths = np.array([1, 0, 2]), np.array([4, 4, 4])
    assert ratio(edits, lengths, resamples=0) == (25.0, None, "")
    value, interval, _ = ratio(edits, lengths, resamples=200)
    assert interval is not None and interval[0] <= value <= interval[1] <= 50
