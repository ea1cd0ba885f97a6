"""A watched search finds what it finds unwatched, tells what it writes, and drops what nobody wants."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from drifting import drifting, sources
from unspool.config import DecodingConfig
from unspool.decoding import search_corpus
from unspool.decoding.watching import Watch
from unspool.fields.padding import pad
from unspool.nn.stepper import TorchStepper

SOURCES = [np.array(source) for source in ([5, 6, 7], [8], [9, 9, 4, 4], [4, 7])]
SEARCHES: dict[str, dict[str, Any]] = {
    "greedy": {},
    "a beam": {"beam": 4, "n_best": 4},
    "samples": {"sample": True, "n_best": 3},
    "a prefix": {},
}


def found(stepper: Any, way: str, watch: Watch | None) -> Any:
    chosen = DecodingConfig(max_length=7, batch_symbols=8, **SEARCHES[way])
    prefixes = [np.array([4])] * len(SOURCES) if way == "a prefix" else None
    return search_corpus(stepper, SOURCES, chosen, pad, prefixes=prefixes, watch=watch)


@settings(max_examples=40)
@given(st.integers(0, 1000), st.sampled_from([*SEARCHES]), st.sets(st.integers(0, 3)))
def test_what_is_wanted_is_found_as_if_nobody_watched(toy: type, seed: int, way: str, unwanted: set[int]) -> None:
    free = found(toy(seed), way, None)
    asked: Counter[int] = Counter()

    def wants(source: int) -> bool:
        asked[source] += 1
        return source not in unwanted or asked[source] < 3

    watched = found(toy(seed), way, Watch(wants))
    for source in set(range(4)) - unwanted:
        assert watched[source] == free[source]
    for source in unwanted:
        assert asked[source] <= 3 and all(len(hypothesis.items) <= 2 for hypothesis in watched[source])


def test_a_source_that_is_never_wanted_is_not_even_read(toy: type) -> None:
    stepper = toy()
    assert found(stepper, "greedy", Watch(lambda source: False)) == [[]] * 4
    assert not stepper.questions


@pytest.mark.parametrize("way", [{}, {"sample": True}])
def test_every_symbol_is_told_but_not_the_end(toy: type, way: dict[str, Any]) -> None:
    written: dict[int, list[int]] = {source: [] for source in range(4)}
    watch = Watch(lambda source: True, lambda source, item: written[source].append(int(item)))
    answers = search_corpus(toy(3), SOURCES, DecodingConfig(max_length=7, **way), pad, watch=watch)
    assert [tuple(written[source]) for source in range(4)] == [answer.items for (answer,) in answers]


@pytest.mark.parametrize("way", [{}, {"sample": True}])
def test_real_values_are_told_and_given_up_like_symbols(way: dict[str, Any]) -> None:
    stepper, settings = TorchStepper(drifting(), torch.device("cpu")), DecodingConfig(max_length=5, **way)
    free = search_corpus(stepper, sources(4, 1, 6), settings, pad)
    written: dict[int, list[Any]] = {0: [], 1: [], 2: []}
    watch = Watch(lambda source: len(written[1]) < 2 or source != 1, lambda source, item: written[source].append(item))
    found = search_corpus(stepper, sources(4, 1, 6), settings, pad, watch=watch)
    for source in (0, 2):
        np.testing.assert_array_equal(found[source][0].values, free[source][0].values)
        np.testing.assert_array_equal(written[source], free[source][0].values)
    assert len(written[1]) == 2
