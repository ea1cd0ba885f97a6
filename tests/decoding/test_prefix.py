"""An answer begins with its prefix, and after it search is free."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unspool.config import DecodingConfig
from unspool.decoding import search, search_corpus
from unspool.decoding.likelihood import log_likelihoods
from unspool.decoding.prefix import PrefixConstraint
from unspool.fields.padding import pad
from unspool.types import EOS, FIRST_EMITTED, Question

SOURCES = [np.array(source) for source in ([5, 6, 7], [8], [9, 9, 4, 4], [4, 7])]
SEARCHES: dict[str, dict[str, Any]] = {
    "greedy": {},
    "a beam": {"beam": 4, "n_best": 4},
    "samples": {"sample": True, "n_best": 3, "temperature": 1.5},
    "samples of a few": {"sample": True, "n_best": 3, "top_k": 2, "top_p": 0.9},
}
PREFIXES = st.lists(st.lists(st.sampled_from([4, 5, 6]), max_size=4), min_size=4, max_size=4)


def arrays(prefixes: list[list[int]]) -> list[Any]:
    return [np.array(prefix, dtype=np.int64) for prefix in prefixes]


@given(PREFIXES, st.integers(0, 1000), st.sampled_from([*SEARCHES]))
def test_answers_begin_as_told_and_their_score_is_the_models_own(
    toy: type, prefixes: list[list[int]], seed: int, way: str
) -> None:
    stepper = toy(seed, letters=3)
    settings = DecodingConfig(max_length=7, **SEARCHES[way])
    found = search_corpus(stepper, SOURCES, settings, pad, prefixes=arrays(prefixes))
    for source, prefix, hypotheses in zip(SOURCES, prefixes, found, strict=True):
        assert len(hypotheses) == settings.n_best
        for hypothesis in hypotheses:
            assert list(hypothesis.items[: len(prefix)]) == prefix
            written = (*hypothesis.items, *[EOS] * hypothesis.finished)
            assert hypothesis.score == pytest.approx(stepper.log_prob(tuple(source), written), abs=1e-9)
            looked = [stepper.looks(tuple(source), written[:t]) for t in range(len(written))]
            np.testing.assert_array_equal(hypothesis.attention, looked)


@given(st.integers(0, 1000), st.lists(st.integers(0, 7), min_size=4, max_size=4))
def test_of_the_greedy_answers_own_beginning_comes_the_greedy_answer(toy: type, seed: int, cuts: list[int]) -> None:
    settings = DecodingConfig(max_length=8)
    free = search_corpus(toy(seed), SOURCES, settings, pad)
    prefixes = [np.array(answer.items[:cut], dtype=np.int64) for (answer,), cut in zip(free, cuts, strict=True)]
    assert search_corpus(toy(seed), SOURCES, settings, pad, prefixes=prefixes) == free


@given(st.lists(st.sampled_from([4, 5]), max_size=3), st.integers(0, 1000))
def test_a_wide_beam_finds_all_answers_that_begin_so(toy: type, prefix: list[int], seed: int) -> None:
    stepper, settings = toy(seed), DecodingConfig(beam=40, n_best=40, max_length=4, length_penalty=0)
    (found,) = search(PrefixConstraint(stepper, arrays([prefix])), pad(SOURCES[:1]), settings)
    texts = [text for length in range(4) for text in itertools.product([4, 5], repeat=length)]
    whole = {(*text, EOS) for text in texts if list(text[: len(prefix)]) == prefix}
    cut = {text for text in itertools.product([4, 5], repeat=4) if list(text[: len(prefix)]) == prefix}
    assert {(*h.items, *[EOS] * h.finished) for h in found} == whole | cut


@pytest.mark.parametrize("way", SEARCHES)
def test_an_empty_beginning_changes_nothing(toy: type, way: str) -> None:
    settings = DecodingConfig(max_length=7, **SEARCHES[way])
    free = search_corpus(toy(1), SOURCES, settings, pad)
    assert search_corpus(toy(1), SOURCES, settings, pad, prefixes=arrays([[]] * 4)) == free
    mixed = search_corpus(toy(1), SOURCES, settings, pad, prefixes=arrays([[], [4, 4], [], [5]]))
    assert [mixed[0], mixed[2]] == [free[0], free[2]]


def test_memories_that_leave_or_change_places_keep_their_beginnings(toy: type) -> None:
    stepper = PrefixConstraint(toy(1, letters=3), arrays([[4, 5], [6, 6], []]))
    answer, cursor = stepper.step(stepper.open(pad(SOURCES[:3])), Question(2))
    items, log_probs = answer.best
    assert items[:2, 0].tolist() == [4, 6] and np.isneginf(log_probs[:2, 1]).all()
    assert np.isfinite(log_probs[2]).all()
    cursor = stepper.select(cursor, np.array([1, 0]), np.array([1, 1, 0, 0]), np.array([6, 6, 4, 4]))
    answer, cursor = stepper.step(cursor, Question(2))
    assert answer.best[0].tolist() == [[6], [6], [5], [5]]  # there is nothing else
    cursor = stepper.select(cursor, np.array([0, 1]), np.arange(4), np.array([6, 6, 5, 5]))
    free, _ = stepper.step(cursor, Question(everything=True))
    by_hand = [stepper.stepper.says(tuple(source), prefix)[0] for source, prefix in  # type: ignore[attr-defined]
               ((SOURCES[1], (6, 6)), (SOURCES[0], (4, 5)))]  # fmt: skip
    np.testing.assert_array_equal(free.whole[[0, 2], EOS - FIRST_EMITTED :], by_hand)


def test_while_all_begin_as_told_only_the_given_items_are_asked_for(toy: type) -> None:
    stepper = toy(1, letters=3)
    search_corpus(stepper, SOURCES, DecodingConfig(max_length=4, beam=3), pad, prefixes=arrays([[4, 5]] * 4))
    first, second, *others = stepper.questions
    assert all(asked.top_k is None and asked.log_prob_of is not None for asked in (first, second))
    assert others and all(asked.top_k == 3 and asked.log_prob_of is None for asked in others)


@given(st.lists(st.sampled_from([3, 4, 5]), min_size=1, max_size=4), st.lists(st.sampled_from([4, 5]), max_size=3))
def test_a_target_with_another_beginning_is_impossible(toy: type, target: list[int], prefix: list[int]) -> None:
    stepper = PrefixConstraint(toy(3), arrays([prefix]))
    [found] = log_likelihoods(stepper, SOURCES[:1], arrays([target]), pad)
    common = min(len(prefix), len(target))
    possible = target[:common] == prefix[:common]
    [free] = log_likelihoods(toy(3), SOURCES[:1], arrays([target]), pad)
    assert found == (pytest.approx(free) if possible else -np.inf)


def test_a_beginning_that_the_model_finds_impossible_has_no_answer_after_it(toy: type) -> None:
    settings = DecodingConfig(max_length=7)
    ((answer,),) = search_corpus(toy(1, letters=1), SOURCES[:1], settings, pad, prefixes=arrays([[4, 9]]))
    assert answer.items == (4,) and not answer.finished


@given(PREFIXES, st.lists(st.sampled_from([[], [5], [EOS, 6], [4, 5, 6]]), min_size=4, max_size=4), st.integers(0, 99),
       st.sampled_from([*SEARCHES]))  # fmt: skip
def test_what_is_barred_does_not_follow_the_prefix_and_may_come_later(
    toy: type, prefixes: list[list[int]], barred: list[list[int]], seed: int, way: str
) -> None:
    stepper, settings = toy(seed, letters=3), DecodingConfig(max_length=7, **SEARCHES[way])
    found = search_corpus(stepper, SOURCES, settings, pad, prefixes=arrays(prefixes), barred=arrays(barred))
    for source, prefix, banned, hypotheses in zip(SOURCES, prefixes, barred, found, strict=True):
        for hypothesis in hypotheses:
            written = (*hypothesis.items, *[EOS] * hypothesis.finished)
            assert list(written[: len(prefix)]) == prefix
            assert written[len(prefix)] not in banned
            assert hypothesis.score == pytest.approx(stepper.log_prob(tuple(source), written), abs=1e-9)
