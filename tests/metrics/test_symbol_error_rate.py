"""Edit distance against its recurrence, and the choice among listed answers."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unspool.metrics.evaluation import Evaluation
from unspool.metrics.symbol_error_rate import SYMBOL_ERROR_RATE, edit_distance, symbol_errors

WORDS = st.lists(st.sampled_from(["a", "b", "AH0", "ㅎ"]), max_size=7)


def by_recurrence(one: list[str], other: list[str]) -> int:
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        before, row[0] = row[0], i
        for j, b in enumerate(other, start=1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (a != b))
    return row[-1]


@settings(deadline=None, max_examples=150)
@given(WORDS, WORDS)
def test_edit_distance_follows_its_recurrence(one: list[str], other: list[str]) -> None:
    assert edit_distance(one, tuple(other)) == by_recurrence(one, other)


def test_symbols_longer_than_a_letter_are_one_edit() -> None:
    assert edit_distance(["HH", "AH0", "L"], ["HH", "EH1", "L"]) == 1


def test_the_nearest_answer_counts_and_the_longest_among_equals() -> None:
    references = [["kitten", "sitting"], ["ab", "abcd", "abc"], ["abcd", "ab"]]
    assert symbol_errors(["sittin", "abcd", "abc"], references).tolist() == [[1, 7], [0, 4], [1, 4]]


def rate(answers: list[str], references: list[tuple[str, ...]]) -> float:
    return SYMBOL_ERROR_RATE.value(SYMBOL_ERROR_RATE.outcomes(Evaluation(answers, references)))


def test_the_rate_sums_before_it_divides() -> None:
    assert rate(["abcdefgh", "x"], [("abcdefgh",), ("yz",)]) == pytest.approx(100 * 2 / 10)


def test_without_any_symbols_the_rate_is_the_edits() -> None:
    assert rate(["", "ab"], [("",), ("",)]) == 200
