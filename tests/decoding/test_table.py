"""Questions that are answered from a table of log-probabilities."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unspool.decoding.table import log_prob_of, look_up, only, top_k_of
from unspool.types import FIRST_EMITTED, Question

TABLE = np.log(np.array([[0.2, 0.5, 0.3], [0.7, 0.1, 0.2]]))


@given(st.lists(st.lists(st.integers(0, 3), min_size=5, max_size=5), min_size=1, max_size=3), st.integers(1, 7))
def test_the_k_best_come_best_first_and_among_equals_the_lower_item(rows: list[list[int]], k: int) -> None:
    table = -np.array(rows, dtype=np.float64)
    items, log_probs = top_k_of(table, k)
    order = np.argsort(-table, axis=1, kind="stable")[:, :k]
    np.testing.assert_array_equal(log_probs, np.take_along_axis(table, order, 1))
    np.testing.assert_array_equal(log_prob_of(table, items), log_probs)
    if k in (1, 5):  # of equals at the edge, partitioning may leave out any
        np.testing.assert_array_equal(items, order + FIRST_EMITTED)


@pytest.mark.parametrize("item", [0, 1, 5, 900, -3])
def test_an_item_without_a_class_is_impossible(item: int) -> None:
    assert log_prob_of(TABLE, np.array([item, 3])).tolist() == [-np.inf, TABLE[1, 1]]
    assert np.isneginf(only(TABLE, np.array([item, 3]), np.array([True, False]))[0]).all()


def test_one_item_alone_keeps_its_log_probability_and_the_other_rows_stay() -> None:
    found = only(TABLE, np.array([3, 4]), np.array([True, False]))
    assert found[0].tolist() == [-np.inf, TABLE[0, 1], -np.inf] and found[1].tolist() == TABLE[1].tolist()


def test_only_what_is_asked_is_answered() -> None:
    assert look_up(TABLE, Question()) == (None,) * 6
    answer = look_up(TABLE, Question(2, np.array([4, 2])))
    assert answer.best[0].tolist() == [[3, 4], [2, 4]] and answer.given.tolist() == [TABLE[0, 2], TABLE[1, 0]]
    assert answer.everything is None
    assert look_up(TABLE, Question(everything=True)).whole is TABLE
