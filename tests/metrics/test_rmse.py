"""Root mean squared error, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from unspool.metrics.evaluation import Evaluation
from unspool.metrics.rmse import RMSE
from unspool.types import Array


def rmse(answers: list[Array], references: list[tuple[Array, ...]]) -> float:
    return RMSE.value(RMSE.outcomes(Evaluation(answers, references)))


def test_values_of_all_steps_and_features_weigh_alike() -> None:
    answers = [np.array([[1.0, 2.0]]), np.array([[0.0, 0.0], [0.0, 4.0], [1.0, 0.0]])]
    right: list[tuple[Array, ...]] = [(np.zeros((1, 2)),), (np.zeros((3, 2)),)]
    assert rmse(answers, right) == pytest.approx(np.sqrt((1 + 4 + 16 + 1) / 8))


def test_steps_beyond_the_right_answer_do_not_count() -> None:
    assert rmse([np.array([[3.0], [99.0]])], [(np.zeros((1, 1)),)]) == pytest.approx(3)


def test_the_nearest_right_answer_counts_by_its_mean_error() -> None:
    short, long = np.full((1, 1), 3.0), np.full((4, 1), 2.0)
    assert rmse([np.zeros((4, 1))], [(short, long)]) == pytest.approx(2)


def test_an_answer_that_is_too_short_is_our_fault() -> None:
    with pytest.raises(AssertionError, match="1 steps where 2"):
        rmse([np.zeros((1, 1))], [(np.zeros((2, 1)),)])


def test_small_whole_numbers_do_not_wrap() -> None:
    assert rmse([np.full((1, 1), 3, dtype=np.uint8)], [(np.full((1, 1), 5, dtype=np.uint8),)]) == pytest.approx(2)
