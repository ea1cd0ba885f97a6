from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unspool.decoding.likelihood import TOGETHER, log_likelihoods
from unspool.fields.padding import pad

ITEMS = st.lists(st.sampled_from([3, 4, 5]), min_size=1, max_size=6)
SOURCE = st.lists(st.sampled_from([7, 8]), max_size=4)


@given(st.lists(st.tuples(SOURCE, ITEMS), min_size=1, max_size=9), st.integers(0, 5))
def test_it_is_the_sum_of_the_steps_whatever_shares_the_batch(
    toy: type, texts: list[tuple[list[int], list[int]]], seed: int
) -> None:
    stepper = toy(seed)
    sources, targets = ([np.array(side, dtype=np.int64) for side in sides] for sides in zip(*texts, strict=True))
    found = log_likelihoods(stepper, sources, targets, pad)
    expected = [stepper.log_prob(tuple(source), tuple(target)) for source, target in texts]
    np.testing.assert_allclose(found, expected, atol=1e-12)


def test_a_text_that_is_done_is_no_longer_stepped(toy: type) -> None:
    stepper, nothing = toy(), np.array([], dtype=np.int64)
    log_likelihoods(stepper, [nothing] * 3, [np.array([4]), np.array([4, 5, 4]), np.array([5, 4])], pad)
    assert [rows for _, rows in stepper.sizes] == [3, 2, 1]


def test_only_the_given_items_are_asked_for(toy: type) -> None:
    stepper = toy()
    log_likelihoods(stepper, [np.array([7])], [np.array([4, 3])], pad)
    assert [(asked.top_k, asked.everything) for asked in stepper.questions] == [(None, False)] * 2
    assert [asked.log_prob_of.tolist() for asked in stepper.questions] == [[4], [3]]


def test_many_texts_are_stepped_in_batches_and_counted(toy: type) -> None:
    counted: list[int] = []
    targets = [np.array([4] * (1 + n % 2)) for n in range(TOGETHER + 2)]
    stepper = toy()
    found = log_likelihoods(stepper, [np.array([7])] * len(targets), targets, pad, counted.append)
    assert counted == [TOGETHER, 2] and max(rows for _, rows in stepper.sizes) == TOGETHER
    assert len(log_likelihoods(stepper, [], [], pad, counted.append)) == 0 and len(counted) == 2
    assert found[::2] == pytest.approx(stepper.log_prob((7,), (4,)))
    assert found[1::2] == pytest.approx(stepper.log_prob((7,), (4, 4)))


def test_what_the_model_cannot_write_is_impossible(toy: type) -> None:
    stepper, nothing = toy(letters=2), np.array([], dtype=np.int64)
    found = log_likelihoods(stepper, [nothing] * 2, [np.array([4, 9]), np.array([4, 5])], pad)
    assert found.tolist() == [-np.inf, pytest.approx(stepper.log_prob((), (4, 5)))]


def test_nothing_comes_after_the_step_that_the_model_calls_the_last(toy: type) -> None:
    stepper, nothing = toy(letters=2, finishing=1.0), np.array([], dtype=np.int64)
    found = log_likelihoods(stepper, [nothing] * 2, [np.array([4, 5]), np.array([4, 5, 3])], pad)
    assert found.tolist() == [pytest.approx(stepper.log_prob((), (4, 5))), -np.inf]
