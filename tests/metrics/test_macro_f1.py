"""Macro F1 and confusion, by hand and against the definitions."""

from __future__ import annotations

import numpy as np
import pytest

from unspool.metrics.evaluation import Evaluation
from unspool.metrics.labels import align
from unspool.metrics.macro_f1 import MACRO_F1, confusion
from unspool.metrics.significance import interval
from unspool.types import Array


def outcomes(true: str, given: str) -> Array:
    """One source for each letter."""
    return MACRO_F1.outcomes(Evaluation(list(given), [(letter,) for letter in true]))


def test_macro_f1_is_the_mean_over_labels_by_hand() -> None:
    # a: 1 right of 2 and 1 given, F1 2/3; b: 1 of 1 and 2 given, 2/3; c: given once, never right, 0
    assert MACRO_F1.value(outcomes("aab", "abb")) == pytest.approx(100 * 2 / 3)
    assert MACRO_F1.value(outcomes("aab", "acb")) == pytest.approx(100 * (2 / 3 + 1 + 0) / 3)


def test_macro_f1_equals_precision_and_recall_put_together() -> None:
    random = np.random.default_rng(1)
    true, given = ("".join(random.choice(list("abcd"), 200)) for _ in range(2))
    counts = confusion(align(list(given), [[letter] for letter in true])).counts
    precision, recall = np.diag(counts) / counts.sum(0), np.diag(counts) / counts.sum(1)
    expected = 100 * (2 * precision * recall / (precision + recall)).mean()
    assert MACRO_F1.value(outcomes(true, given)) == pytest.approx(expected)
    low, high = interval(MACRO_F1, outcomes(true, given), resamples=200)
    assert low < expected < high


def test_four_right_answers_of_four_leave_much_doubt() -> None:
    low, high = interval(MACRO_F1, outcomes("abab", "abab"), resamples=200)
    assert 30 < low < 70 and high == 100


def test_confusion_counts_right_labels_down_and_given_ones_across() -> None:
    table = confusion(align(list("abb"), [[letter] for letter in "aab"]))
    assert table.labels == ["a", "b"]
    assert table.counts.tolist() == [[1, 1], [0, 1]]


def test_the_report_shows_the_confusion() -> None:
    assert MACRO_F1.details(Evaluation(["a"], [("b",)])) == {
        "confusion": {"labels": ["a", "b"], "counts": [[0, 0], [1, 0]]}
    }


def test_a_missing_label_is_no_label_of_its_own() -> None:
    cut = Evaluation(["ab"], [("abab",)])
    assert MACRO_F1.value(MACRO_F1.outcomes(cut)) == pytest.approx(100 * 2 / 3)  # each label: 1 right of 2, 1 given
    assert MACRO_F1.details(cut)["confusion"] == {"labels": ["a", "b"], "counts": [[1, 0], [0, 1]]}
