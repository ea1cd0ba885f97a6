"""Labels, right and wrong, by hand and against the definitions."""

from __future__ import annotations

import numpy as np
import pytest

from unspool.metrics.classification import accuracy, aligned, confusion, macro_f1


def items(true: str, given: str) -> list[list[tuple[str, str]]]:
    """One source for each letter."""
    return aligned(list(given), [[letter] for letter in true])


def test_accuracy_is_the_share_of_right_labels() -> None:
    assert accuracy(items("aabc", "abbc"), resamples=0).value == 75


def test_macro_f1_is_the_mean_over_labels_by_hand() -> None:
    # a: 1 right of 2 and 1 given, F1 2/3; b: 1 of 1 and 2 given, 2/3; c: given once, never right, 0
    assert macro_f1(items("aab", "abb"), resamples=0).value == pytest.approx(100 * 2 / 3)
    assert macro_f1(items("aab", "acb"), resamples=0).value == pytest.approx(100 * (2 / 3 + 1 + 0) / 3)


def test_macro_f1_equals_precision_and_recall_put_together() -> None:
    random = np.random.default_rng(1)
    true, given = ("".join(random.choice(list("abcd"), 200)) for _ in range(2))
    counts = confusion(items(true, given)).counts
    precision, recall = np.diag(counts) / counts.sum(0), np.diag(counts) / counts.sum(1)
    expected = (2 * precision * recall / (precision + recall)).mean()
    estimate = macro_f1(items(true, given), resamples=200)
    assert estimate.value == pytest.approx(100 * expected)
    assert estimate.interval is not None
    assert estimate.interval[0] < estimate.value < estimate.interval[1]


def test_an_answer_that_is_always_right_varies_by_nothing() -> None:
    assert macro_f1(items("abab", "abab"), resamples=50).interval == (100, 100)


def test_confusion_counts_right_labels_down_and_given_ones_across() -> None:
    table = confusion(items("aab", "abb"))
    assert table.labels == ["a", "b"]
    assert table.counts.tolist() == [[1, 1], [0, 1]]


def test_the_right_answer_that_agrees_most_is_compared() -> None:
    assert aligned(["xy"], [["xz", "xy", "zz"]]) == [[("x", "x"), ("y", "y")]]


def test_labels_that_are_missing_are_wrong_and_surplus_ones_do_not_count() -> None:
    assert accuracy(aligned(["a", "abc"], [["ab"], ["ab"]]), resamples=0).value == 75
