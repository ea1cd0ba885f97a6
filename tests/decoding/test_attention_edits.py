"""Weights that a person sets: the others share the rest, and what is no weight is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from unspool.decoding.attention_edits import AttentionEdit, EditedAttention, edit_weights, weights_by_step
from unspool.errors import Mistake
from unspool.fields.padding import pad
from unspool.types import Question


@given(arrays(np.float64, (3, 4), elements=st.floats(0.01, 1)), st.integers(0, 3), st.floats(0, 1))
def test_the_others_share_the_rest_in_proportion(raw: Any, position: int, weight: float) -> None:
    attention = raw / raw.sum(-1, keepdims=True)
    found = edit_weights(attention, {position: weight})
    np.testing.assert_allclose(found.sum(-1), 1)
    np.testing.assert_array_equal(found[:, position], weight)
    others = np.delete(attention, position, axis=1)
    shares = np.delete(found, position, axis=1)
    np.testing.assert_allclose(shares * others.sum(-1, keepdims=True), others * (1 - weight), atol=1e-12)


def test_without_weights_the_others_share_evenly_and_without_others_nothing_is_shared() -> None:
    np.testing.assert_allclose(edit_weights(np.array([[0.0, 1.0, 0.0]]), {1: 0.5}), [[0.25, 0.5, 0.25]])
    np.testing.assert_allclose(edit_weights(np.array([[1.0]]), {0: 0.3}), [[0.3]])
    np.testing.assert_allclose(edit_weights(np.array([[0.2, 0.8]]), {0: 0.5, 1: 0.25}), [[0.5, 0.25]])


def test_of_two_weights_for_a_position_the_later_one_counts() -> None:
    edits = [AttentionEdit(1, 0, 0.9), AttentionEdit(0, 2, 0.5), AttentionEdit(1, 0, 0.2)]
    assert weights_by_step(edits) == {1: {0: 0.2}, 0: {2: 0.5}}


@pytest.mark.parametrize("edit", [(-1, 0, 0.5), (0, -1, 0.5), (0, 0, 1.5), (0, 0, -0.1), (0, 0, float("nan"))])
def test_what_is_no_weight_is_refused(edit: tuple[int, int, float]) -> None:
    with pytest.raises(Mistake, match="is none"):
        weights_by_step([AttentionEdit(*edit)])


def test_weights_above_one_together_and_positions_beyond_the_source_are_refused() -> None:
    with pytest.raises(Mistake, match="together exceed 1"):
        weights_by_step([AttentionEdit(0, 0, 0.7), AttentionEdit(0, 1, 0.7)])
    with pytest.raises(Mistake, match="has 2 positions"):
        edit_weights(np.array([[0.5, 0.5]]), {2: 0.5})


def test_a_stepper_without_values_is_refused_only_where_a_step_is_edited(toy: type) -> None:
    stepper = EditedAttention(toy(), [AttentionEdit(1, 0, 0.5)])
    _, cursor = stepper.step(stepper.open(pad([np.array([5, 6])])), Question(top_k=1))
    cursor = stepper.select(cursor, np.zeros(1, int), np.zeros(1, int), np.array([4]))
    with pytest.raises(Mistake, match="cannot be changed"):
        stepper.step(cursor, Question(top_k=1))
