"""Searching many ragged sources: order, batches, and settings that cannot be."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from unspool.config import DecodingConfig
from unspool.decoding import search, search_corpus
from unspool.fields.padding import pad

SOURCES = st.lists(st.lists(st.integers(4, 9), min_size=0, max_size=9).map(np.array), max_size=12)


@settings(deadline=None, max_examples=40)
@given(SOURCES, st.integers(1, 3), st.integers(1, 60), st.integers(1, 3))
def test_answers_come_in_the_order_of_the_sources_whatever_the_batches_and_threads(
    toy: Any, sources: list[Any], beam: int, budget: int, threads: int
) -> None:
    sources = [source.astype(np.int64) for source in sources]
    chosen = DecodingConfig(beam=beam, n_best=beam, max_length=4, batch_symbols=budget)
    stepper = toy(seed=2, threads=threads)
    counts: list[int] = []
    together = search_corpus(stepper, sources, chosen, pad, counts.append)
    assert together == [search(stepper, pad([source]), chosen)[0] for source in sources]
    assert sum(counts) == len(sources)


def test_batches_hold_like_lengths_within_the_budget_counting_the_beam(toy: Any) -> None:
    sources = [np.full(length, 4) for length in [1, 6, 2, 6, 30, 0]]
    counts: list[int] = []
    search_corpus(toy(), sources, DecodingConfig(beam=2, max_length=2, batch_symbols=24), pad, counts.append)
    assert counts == [1, 2, 3]


def test_every_thread_gets_several_batches_but_none_of_a_few_rows(toy: Any) -> None:
    sources = [np.full(2, 4)] * 70
    for threads, beam, batches in ((1, 1, [70]), (2, 1, [32, 32, 6]), (2, 8, [9] * 7 + [7]), (4, 8, [5] * 14)):
        counts: list[int] = []
        search_corpus(toy(threads=threads), sources, DecodingConfig(beam=beam, max_length=2), pad, counts.append)
        assert counts == batches, (threads, beam)


def test_a_beam_of_one_ignores_the_length_penalty(toy: Any) -> None:
    source = pad([np.array([5, 6])])
    plain = search(toy(), source, DecodingConfig(max_length=5, length_penalty=0))
    assert plain == search(toy(), source, DecodingConfig(max_length=5, length_penalty=3))
    assert len(plain[0]) == 1
