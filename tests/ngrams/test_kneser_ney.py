"""Every distribution sums to one, and each number is that of the formula, computed by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from unspool.ngrams.kneser_ney import NgramModel


def prob(model: NgramModel, context: list[int], symbol: int) -> float:
    return math.exp(model.log_likelihood([symbol], context))


def test_every_distribution_sums_to_one() -> None:
    draw = np.random.default_rng(1)
    texts = [draw.integers(0, 4, 30).tolist() for _ in range(40)]
    model = NgramModel.fit(texts, 4, 6)
    for context in ([], texts[0][:1], texts[0][:2], texts[1][3:9], [5, 5], [5, 1]):
        assert sum(prob(model, context, symbol) for symbol in range(6)) == pytest.approx(1, abs=1e-6)


def test_a_probability_is_that_of_the_formula() -> None:
    model = NgramModel.fit([[0, 1, 0, 1, 0, 2]], 2, 5)
    discount = (0.5, 1.0, 1.5)  # too few counts to estimate them
    # What came before 0, 1 and 2: {1}, {0}, {0}.
    backoff = 3 * discount[0] / 3
    alone = [(1 - discount[0]) / 3 + backoff / 5] * 3 + [backoff / 5] * 2
    assert [prob(model, [], symbol) for symbol in range(5)] == pytest.approx(alone)
    # After 0: 1 twice, 2 once.
    backoff = (discount[1] + discount[0]) / 3
    assert prob(model, [0], 1) == pytest.approx((2 - discount[1]) / 3 + backoff * alone[1])
    assert prob(model, [0], 2) == pytest.approx((1 - discount[0]) / 3 + backoff * alone[2])
    assert prob(model, [0], 3) == pytest.approx(backoff * alone[3])
    assert prob(model, [2], 1) == pytest.approx(alone[1]), "nothing was seen after 2"


def test_what_was_always_first_counts_by_its_occurrences() -> None:
    model = NgramModel.fit([[0, 1], [0, 1], [0, 1], [0, 2]], 3, 4, begin=1)
    assert prob(model, [0], 1) == pytest.approx((3 - 1.5) / 4 + 2 / 4 * prob(model, [], 1))
    assert prob(model, [], 0) < prob(model, [], 2), "0 was only context"


def test_discounts_are_estimated_from_how_many_ngrams_occurred_how_often() -> None:
    times = [1] * 8 + [2] * 4 + [3] * 2 + [4]
    model = NgramModel.fit([[symbol] * 1 for symbol, count in enumerate(times) for _ in range(count)], 1, 20)
    share = 8 / (8 + 2 * 4)
    expected = (1 - (1 - 2 * share * 4 / 8)) / sum(times), (4 - (3 - 4 * share * 1 / 2)) / sum(times)
    rest = prob(model, [], 19)  # seen never: the backoff alone
    assert prob(model, [], 0) - rest == pytest.approx(expected[0], abs=1e-6)
    assert prob(model, [], 14) - rest == pytest.approx(expected[1], abs=1e-6)


def test_a_model_of_nothing_is_uniform() -> None:
    assert prob(NgramModel.fit([], 3, 4), [1, 2], 3) == pytest.approx(1 / 4)


def test_longer_contexts_help_where_they_decide() -> None:
    text = [0, 1, 2, 0, 3, 1] * 50
    short, long = (NgramModel.fit([text], order, 4) for order in (2, 4))
    assert long.log_likelihood(text) > short.log_likelihood(text) > len(text) * math.log(1 / 4)
