"""Bits per character, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from unspool.metrics.bits_per_character import BITS_PER_CHARACTER
from unspool.metrics.evaluation import Evaluation
from unspool.metrics.significance import interval
from unspool.types import Array


def outcomes(bits: Array, characters: Array) -> Array:
    """Of pieces of text that cost so many bits."""
    return BITS_PER_CHARACTER.outcomes(Evaluation(log_likelihoods=-bits * np.log(2), lengths=characters))


def test_a_fair_coin_costs_one_bit_a_character_however_the_text_is_cut() -> None:
    pieces = outcomes(np.array([10, 1, 89]), np.array([10, 1, 89]))
    assert BITS_PER_CHARACTER.value(pieces) == pytest.approx(1.0)
    low, high = interval(BITS_PER_CHARACTER, pieces)
    assert 0 <= low < 1 < high


def test_characters_weigh_alike_and_not_pieces() -> None:
    assert BITS_PER_CHARACTER.value(outcomes(np.array([8, 3]), np.array([1, 9]))) == pytest.approx(1.1)


def test_the_interval_holds_the_figure_and_is_as_wide_as_pieces_differ() -> None:
    bits = np.random.default_rng(1).normal(200, 20, 50)
    low, high = interval(BITS_PER_CHARACTER, outcomes(bits, np.full(50, 100)))
    assert low < 2 < high and high - low == pytest.approx(2 * 1.96 * 0.2 / 50**0.5, rel=0.4)
