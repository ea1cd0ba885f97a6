"""Greedy search against one sentence at a time, and the batch that shrinks."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unspool.decoding.greedy import decode_greedy
from unspool.fields.padding import pad
from unspool.types import EOS

SOURCES = [(5, 6, 7), (8,), (9, 9, 4, 4), (4, 7)]


def batch(sources: list[tuple[int, ...]]) -> Any:
    return pad([np.array(source) for source in sources])


def best_first(stepper: Any, source: tuple[int, ...], max_length: int) -> tuple[tuple[int, ...], bool]:
    written: tuple[int, ...] = ()
    while len(written) < max_length:
        log_probs, done = stepper.says(source, written)
        if log_probs.max() == -np.inf:
            return written, False
        written += (stepper.symbols[int(log_probs.argmax())],)
        if done or written[-1] == EOS:
            return written, True
    return written, False


@settings(deadline=None, max_examples=80)
@given(
    seed=st.integers(0, 10_000),
    impossible=st.sampled_from([0.0, 0.6]),
    finishing=st.sampled_from([0.0, 0.3]),
    max_length=st.integers(1, 8),
)
def test_every_step_takes_the_best_continuation(
    toy: Any, seed: int, impossible: float, finishing: float, max_length: int
) -> None:
    stepper = toy(seed=seed, letters=3, impossible=impossible, finishing=finishing)
    for source, hypothesis in zip(SOURCES, decode_greedy(stepper, batch(SOURCES), max_length), strict=True):
        written, finished = best_first(stepper, source, max_length)
        assert hypothesis.items == tuple(item for item in written if item != EOS)
        assert hypothesis.finished == finished
        assert hypothesis.score == pytest.approx(stepper.log_prob(source, written), abs=1e-9)
        looked = [stepper.looks(source, written[:t]) for t in range(len(written))]
        assert (hypothesis.attention is None) == (not looked)
        if looked:
            np.testing.assert_array_equal(hypothesis.attention, looked)


def test_each_step_computes_only_the_sentences_that_are_not_finished(toy: Any) -> None:
    stepper = toy(seed=3, eos_bonus=1.0)
    steps = [len(h.items) + h.finished for h in decode_greedy(stepper, batch(SOURCES), 12)]
    assert len(set(steps)) > 1
    assert stepper.sizes == [(n, n) for n in (sum(s > t for s in steps) for t in range(max(steps)))]
