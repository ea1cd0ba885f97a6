"""Several runs of each system, and many tests at once."""

from __future__ import annotations

import numpy as np
import pytest

from unspool.metrics.exact_match import EXACT_MATCH
from unspool.metrics.paired_runs import holm, paired_runs, seed_interval
from unspool.metrics.significance import paired
from unspool.types import Array


def right(share: float, seed: int) -> Array:
    draws = np.random.default_rng(seed).random(300) < share
    return np.stack([draws, np.ones(300)], axis=1).astype(np.float64)


def test_single_runs_are_tested_as_ever() -> None:
    one, other = right(0.7, 1), right(0.6, 2)
    found, known = paired_runs(EXACT_MATCH, [one], [other]), paired(EXACT_MATCH, one, other)
    assert (found.difference, found.p) == (pytest.approx(known.difference), known.p)


def test_the_mean_of_several_runs_is_compared() -> None:
    ones, others = [right(0.7, seed) for seed in (1, 2)], [right(0.5, seed) for seed in (3, 4, 5)]
    found = paired_runs(EXACT_MATCH, ones, others)
    means = [np.mean([EXACT_MATCH.value(run) for run in side]) for side in (ones, others)]
    assert found.difference == pytest.approx(means[0] - means[1]) and found.p < 0.01
    assert found.interval[0] < found.difference < found.interval[1]


def test_holm_multiplies_and_never_falls() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.9, 0.8]) == [1.0, 1.0] and holm([]) == []


def test_the_interval_over_seeds_is_students() -> None:
    assert seed_interval([1.0]) is None
    assert seed_interval([1.0, 2.0, 3.0]) == pytest.approx((2 - 4.303 / 3**0.5, 2 + 4.303 / 3**0.5))
