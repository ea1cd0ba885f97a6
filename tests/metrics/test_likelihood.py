from __future__ import annotations

import numpy as np
import pytest

from unspool.errors import Mistake
from unspool.metrics.likelihood import bits_per_character
from unspool.metrics.report import BITS, better, evaluate_answers, evaluate_likelihoods


def test_a_fair_coin_costs_one_bit_a_character_however_the_text_is_cut() -> None:
    lengths = np.array([10, 1, 89])
    estimate = bits_per_character(lengths * np.log(0.5), lengths)
    assert estimate.value == pytest.approx(1.0) and estimate.interval == pytest.approx((1.0, 1.0))


def test_characters_weigh_alike_and_not_pieces() -> None:
    estimate = bits_per_character(np.array([-8 * np.log(2), -np.log(2) * 3]), np.array([1, 9]), resamples=0)
    assert estimate.value == pytest.approx(1.1) and estimate.interval is None


def test_the_interval_holds_the_figure_and_is_as_wide_as_pieces_differ() -> None:
    random = np.random.default_rng(1)
    lengths = np.full(50, 100)
    bits = random.normal(200, 20, 50)
    low, high = bits_per_character(-bits * np.log(2), lengths).interval or (0, 0)
    assert low < 2 < high and high - low == pytest.approx(2 * 1.96 * 0.2 / 50**0.5, rel=0.3)


def test_the_report_counts_characters_and_is_not_in_percent() -> None:
    figures = evaluate_likelihoods(np.array([-np.log(4)]), np.array([2]), resamples=0)
    assert figures == {"n": 2, BITS: 1.0} and better(BITS) == -1


def test_answers_have_no_bits() -> None:
    with pytest.raises(Mistake, match=BITS):
        evaluate_answers(["a"], [("a",)], symbols=list, metrics=[BITS])
