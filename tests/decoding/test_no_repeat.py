"""The brake on repetition: no run of n symbols stands in an answer twice; without it nothing changes."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unspool.config import DecodingConfig
from unspool.decoding import search, search_corpus
from unspool.decoding.automaton import trie
from unspool.decoding.no_repeat import NoRepeat
from unspool.errors import Mistake
from unspool.fields.padding import pad
from unspool.types import EOS

SOURCES = [np.array(source) for source in ([5, 6, 7], [8], [9, 9, 4, 4])]
SEARCHES: dict[str, dict[str, Any]] = {
    "greedy": {},
    "a beam": {"beam": 4, "n_best": 4},
    "samples": {"sample": True, "n_best": 3, "temperature": 1.5},
    "samples of a few": {"sample": True, "n_best": 3, "top_k": 2, "top_p": 0.9},
}
searches = pytest.mark.parametrize("way", SEARCHES.values(), ids=SEARCHES)


def settings_of(way: dict[str, Any], **more: Any) -> DecodingConfig:
    return DecodingConfig(max_length=12, **way, **more)


def runs(items: tuple[int, ...], size: int) -> list[tuple[int, ...]]:
    return [items[begin : begin + size] for begin in range(len(items) - size + 1)]


@searches
@given(seed=st.integers(0, 50), size=st.integers(1, 3))
def test_no_run_stands_twice_and_scores_are_the_models_own(toy: Any, way: dict[str, Any], seed: int, size: int) -> None:
    stepper = toy(seed=seed, eos_bonus=-2.0)
    found = search(stepper, pad(SOURCES), settings_of(way, no_repeat=size))
    for source, answers in zip(SOURCES, found, strict=True):
        for answer in answers:
            written = runs(answer.items, size)
            assert len(written) == len(set(written))
            whole = (*answer.items, EOS) if answer.finished else answer.items
            assert answer.score == pytest.approx(stepper.log_prob((*source.tolist(),), whole))


@searches
def test_a_brake_that_never_acts_changes_nothing(toy: Any, way: dict[str, Any]) -> None:
    free, braked = (search(toy(seed=3), pad(SOURCES), settings_of(way, no_repeat=n)) for n in (0, 12))
    assert free == braked


def test_the_best_answer_without_repetition_is_found(toy: Any) -> None:
    stepper = toy(seed=7, letters=2, eos_bonus=-1.0)
    [best, *_] = search(stepper, pad(SOURCES[:1]), settings_of({"beam": 400, "n_best": 400}, no_repeat=1))[0]
    once = [(), (4,), (5,), (4, 5), (5, 4)]
    scores = {text: stepper.log_prob((5, 6, 7), (*text, EOS)) / ((5 + len(text) + 1) / 6) ** 0.6 for text in once}
    assert best.items == max(scores, key=lambda text: scores[text])


def test_it_gives_way_where_nothing_else_is_permitted(toy: Any) -> None:
    for permit in ({"permitted": trie(np.array([4, 4, 4, EOS]), np.array([4]))}, {"prefixes": [np.array([4, 4, 4])]}):
        found = search_corpus(toy(seed=1), SOURCES[:1], settings_of({}, no_repeat=1), pad, **permit)
        assert found[0][0].items[:3] == (4, 4, 4)
        assert all(a == b == 4 or a != b for a, b in pairwise(found[0][0].items))


def test_real_values_are_refused() -> None:
    class Valued:
        distribution = "gaussian"

    with pytest.raises(Mistake, match="real values"):
        NoRepeat(Valued(), 3)  # type: ignore[arg-type]
