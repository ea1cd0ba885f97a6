"""What can be measured, and what is refused."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest

from unspool.errors import Mistake
from unspool.metrics.evaluation import Evaluation, Needs
from unspool.metrics.forecast import JudgedForecast


def test_nothing_to_evaluate_is_a_mistake() -> None:
    for none in (None, np.array([])):
        with pytest.raises(Mistake, match="nothing to evaluate"):
            Evaluation(log_likelihoods=none, lengths=none)
    with pytest.raises(Mistake, match="Source 2 has no right answer"):
        Evaluation(["a", "b"], [("a",), ()])


def test_sides_that_do_not_fit_together_are_our_fault() -> None:
    with pytest.raises(AssertionError):
        Evaluation(["a", "b"], [("a",)])
    with pytest.raises(AssertionError, match="come with their lengths"):
        Evaluation(log_likelihoods=np.zeros(2))
    with pytest.raises(AssertionError):
        Evaluation(["a"], [("a",)], log_likelihoods=np.zeros(2), lengths=np.ones(2))


def test_texts_real_values_and_likelihoods_are_told_apart() -> None:
    texts = Evaluation(["a"], [("a",)])
    values = Evaluation([np.zeros((2, 1))], [(np.zeros((2, 1)),)], log_likelihoods=np.zeros(1), lengths=np.array([2]))
    likelihoods = Evaluation(log_likelihoods=np.zeros(2), lengths=np.array([3, 4]))
    one = JudgedForecast(np.ones(1), np.ones(1), np.array([0.5]), np.ones((1, 1)), np.arange(3.0))
    all_kinds = (texts, values, likelihoods, Evaluation(forecasts=[one]))
    found = [{needs for needs in get_args(Needs) if evaluation.has(needs)} for evaluation in all_kinds]
    assert found == [{"answers"}, {"values", "log_likelihoods"}, {"log_likelihoods"}, {"forecasts"}]


def test_answers_count_as_examples_and_likelihoods_alone_as_characters_or_steps() -> None:
    lengths = np.array([3, 4])
    assert Evaluation(["a"], [("a",)]).count == 1
    assert Evaluation(log_likelihoods=np.zeros(2), lengths=lengths).count == 7
    assert Evaluation(["a", "b"], [("a",), ("b",)], log_likelihoods=np.zeros(2), lengths=lengths).count == 2
