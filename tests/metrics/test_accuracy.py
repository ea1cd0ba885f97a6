"""Accuracy by hand, and which labels are compared."""

from __future__ import annotations

from unspool.metrics.accuracy import ACCURACY
from unspool.metrics.evaluation import Evaluation
from unspool.metrics.labels import align


def accuracy(answers: list[str], references: list[tuple[str, ...]]) -> float:
    return ACCURACY.value(ACCURACY.outcomes(Evaluation(answers, references)))


def test_accuracy_is_the_share_of_right_labels() -> None:
    assert accuracy(list("abbc"), [(letter,) for letter in "aabc"]) == 75


def test_the_right_answer_that_agrees_most_is_compared() -> None:
    assert align(["xy"], [["xz", "xy", "zz"]]) == [[("x", "x"), ("y", "y")]]


def test_missing_and_surplus_labels_are_wrong() -> None:
    assert accuracy(["a", "abc"], [("ab",), ("ab",)]) == 60


def test_accuracy_is_not_100_where_no_answer_matches() -> None:
    assert accuracy(["abb"], [("ab",)]) < 100
    assert align(["ab"], [["abb", "ab"]]) == [[("a", "a"), ("b", "b")]]
