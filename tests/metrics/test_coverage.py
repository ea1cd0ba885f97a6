"""How often an interval holds the true figure: at least 93 %, for every kind of figure and near its limits."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from unspool.metrics.accuracy import ACCURACY
from unspool.metrics.binomial import clopper_pearson
from unspool.metrics.chrf import CHRF
from unspool.metrics.exact_match import EXACT_MATCH
from unspool.metrics.macro_f1 import MACRO_F1
from unspool.metrics.metric import Metric
from unspool.metrics.nll import NLL
from unspool.metrics.rmse import RMSE
from unspool.metrics.significance import interval, paired
from unspool.metrics.symbol_error_rate import SYMBOL_ERROR_RATE
from unspool.types import Array

ALL = 200_000


@pytest.mark.parametrize("count", [1, 3, 10, 50, 300])
def test_the_interval_of_a_share_holds_it_in_95_of_100_samples(count: int) -> None:
    """Computed exactly: the probability of all numbers of hits whose interval holds the share."""
    ends = np.array([clopper_pearson(right, count) for right in range(count + 1)])
    shares = np.concatenate([[0.0005, 0.98, 0.9995], np.linspace(0.001, 0.999, 200)])
    coin = np.array([1.0])
    for share in shares:
        hits = coin
        for bit in bin(count)[2:]:  # the distribution of twice as many, and one more where a bit is set
            hits = np.convolve(hits, hits)
            hits = np.convolve(hits, [1 - share, share]) if bit == "1" else hits
        assert hits[(ends[:, 0] <= share) & (share <= ends[:, 1])].sum() >= 0.95


def test_the_interval_of_a_share_is_that_of_the_tables() -> None:
    assert clopper_pearson(0, 10) == pytest.approx((0, 0.3085), abs=1e-4)
    assert clopper_pearson(49, 50) == pytest.approx((0.8935, 0.9995), abs=1e-4)
    assert clopper_pearson(7, 20) == pytest.approx((0.1539, 0.5922), abs=1e-4)


def errors(share: float) -> Callable[[np.random.Generator, int], Array]:
    """Words of 2 to 11 symbols, a share of which has errors, in one symbol or more."""

    def draw(random: np.random.Generator, count: int) -> Array:
        lengths = random.integers(2, 12, count)
        wrong = random.random(count) < share
        return np.stack([wrong * (1 + random.binomial(lengths - 1, 0.3)), lengths], axis=1)

    return draw


def tagged(random: np.random.Generator, count: int) -> Array:
    """Sentences with 5 to 15 labels; some sentences are hard throughout."""
    lengths, hard = random.integers(5, 16, count), random.random(count) < 0.1
    return np.stack([random.binomial(lengths, np.where(hard, 0.7, 0.99)), lengths], axis=1)


def labelled(random: np.random.Generator, count: int) -> Array:
    """Three labels, one of them rare and hard, as `macro_f1.label_counts` counts them."""
    true = random.choice(3, count, p=[0.5, 0.4, 0.1])
    given = np.where(random.random(count) < np.array([0.95, 0.9, 0.6])[true], true, random.choice(3, count))
    one = np.eye(3)
    return np.concatenate([one[true] * (true == given)[:, None], one[true] + one[given]], axis=1)


def ngrams(random: np.random.Generator, count: int) -> Array:
    """Texts of which four in a hundred are wrong, with their n-grams."""
    lengths = random.integers(8, 30, count)[:, None] - np.arange(6)
    kept = np.where(random.random((count, 1)) < 0.04, random.integers(0, lengths + 1), lengths)
    return np.stack([lengths, lengths, kept], axis=2).reshape(count, 18)


def skewed(random: np.random.Generator, count: int) -> Array:
    return np.stack([random.gamma(1, 1, count) * 7, np.full(count, 7)], axis=1)


WORLDS: list[tuple[Metric, Callable[[np.random.Generator, int], Array], int]] = [
    *[(SYMBOL_ERROR_RATE, errors(share), count) for share in (0.02, 0.2, 0.98) for count in (10, 50)],
    (ACCURACY, tagged, 30),
    (MACRO_F1, labelled, 80),
    (CHRF, ngrams, 50),
    (NLL, skewed, 50),
    (RMSE, skewed, 50),
]


@pytest.mark.parametrize(("metric", "draw", "count"), WORLDS)
def test_the_interval_of_other_figures_holds_them_in_93_of_100_samples(
    metric: Metric, draw: Callable[[np.random.Generator, int], Array], count: int
) -> None:
    random = np.random.default_rng(0)
    truth = metric.value(draw(random, ALL))
    ends = [interval(metric, draw(random, count), resamples=200) for _ in range(300)]
    assert np.mean([low <= truth <= high for low, high in ends]) >= 0.93


def test_the_interval_of_a_difference_holds_it_in_93_of_100_samples() -> None:
    """Two systems that nearly always agree, so that many samples show no difference at all."""
    random = np.random.default_rng(0)
    held = 0
    for _ in range(150):
        one, other = (np.stack([random.random(50) < share, np.ones(50)], axis=1) for share in (0.99, 0.97))
        low, high = paired(EXACT_MATCH, one, other, resamples=200).interval
        held += low <= 2 <= high
    assert held >= 0.93 * 150
