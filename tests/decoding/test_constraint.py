"""Every answer is permitted, its score is the model's own, and search is as exact as without the constraint."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unspool.config import DecodingConfig
from unspool.decoding import search, search_corpus
from unspool.decoding.automaton import FINAL, Edges, SymbolAutomaton, trie
from unspool.decoding.beam import beam_search
from unspool.decoding.constraint import AnswerConstraint
from unspool.decoding.ensemble import Ensemble
from unspool.decoding.likelihood import log_likelihoods
from unspool.errors import Mistake
from unspool.fields.padding import pad
from unspool.text.chars import CharTokenizer
from unspool.text.symbol_pattern import symbol_edges
from unspool.text.vocabulary import Vocabulary
from unspool.types import EOS

SOURCES = [np.array(source) for source in ([5, 6, 7], [8], [9, 9, 4, 4], [4, 7])]
LETTERS, MOST = (4, 5, 6), 4
WHOLE = [(*text, EOS) for length in range(MOST) for text in itertools.product(LETTERS, repeat=length)]
PATTERNS = ["a*b?", "(ab|ba|c)+", "[^b]{1,3}", "(a|b)*c(a|b)*", "", "a?b?c?", "(aa|b)*"]
SEARCHES: dict[str, dict[str, Any]] = {
    "greedy": {},
    "a beam": {"beam": 3, "n_best": 3},
    "samples": {"sample": True, "n_best": 3, "temperature": 1.5},
    "samples of a few": {"sample": True, "n_best": 3, "top_k": 2, "top_p": 0.5},
}
ANSWER = st.lists(st.sampled_from(LETTERS), max_size=MOST - 1).map(tuple)
ANSWERS = st.lists(ANSWER, min_size=1, max_size=9, unique=True)
few = settings(max_examples=25)


def listed(answers: list[tuple[int, ...]]) -> SymbolAutomaton:
    whole = [(*answer, EOS) for answer in answers]
    return trie(np.array([item for answer in whole for item in answer]), np.array([*map(len, whole)]))


def matching(pattern: str) -> SymbolAutomaton:
    edges, count = symbol_edges(pattern, CharTokenizer(Vocabulary("abc")))
    rows = np.array([(origin, item, FINAL if after is None else after) for origin, item, after in edges])
    return SymbolAutomaton(Edges(*rows.T), count)


def accepted(automaton: SymbolAutomaton) -> set[tuple[int, ...]]:
    return {text for text in WHOLE if automaton.after(np.array(text)) == automaton.final}


CONSTRAINTS = st.one_of(ANSWERS.map(listed), st.sampled_from(PATTERNS).map(matching))


@given(ANSWERS)
def test_a_list_permits_its_answers_and_no_others(answers: list[tuple[int, ...]]) -> None:
    assert accepted(listed(answers)) == {(*answer, EOS) for answer in answers}


@few
@given(CONSTRAINTS, st.integers(0, 999), st.sampled_from([0.0, 0.6]), st.booleans())
def test_a_wide_beam_is_an_exhaustive_search_from_which_the_others_are_taken_out(
    toy: type, permitted: SymbolAutomaton, seed: int, alpha: float, several: bool
) -> None:
    stepper = Ensemble([toy(seed, letters=3), toy(seed + 1, letters=3)]) if several else toy(seed, letters=3)
    config = DecodingConfig(beam=130, n_best=130, max_length=MOST, length_penalty=alpha)
    (everything,) = search(stepper, pad(SOURCES[:1]), config)
    (found,) = search(AnswerConstraint(stepper, permitted, MOST), pad(SOURCES[:1]), config)
    kept = [answer for answer in everything if answer.finished and (*answer.items, EOS) in accepted(permitted)]
    assert [answer.items for answer in found] == [answer.items for answer in kept]
    assert [answer.score for answer in found] == pytest.approx([answer.score for answer in kept], abs=1e-9)
    assert all(answer.finished for answer in found)


@few
@given(CONSTRAINTS, st.integers(0, 999), st.sampled_from([*SEARCHES]))
def test_every_answer_is_permitted_and_scores_what_the_model_says(
    toy: type, permitted: SymbolAutomaton, seed: int, way: str
) -> None:
    stepper, settings = toy(seed, letters=3), DecodingConfig(max_length=MOST, **SEARCHES[way])
    for source, answers in zip(
        SOURCES, search_corpus(stepper, SOURCES, settings, pad, permitted=permitted), strict=True
    ):
        assert len(answers) == settings.n_best or (settings.beam > 1 and len(answers) == len(accepted(permitted)))
        for answer in answers:
            assert answer.finished and (*answer.items, EOS) in accepted(permitted)
            written = (*answer.items, EOS)
            assert answer.score == pytest.approx(stepper.log_prob(tuple(source), written), abs=1e-9)


@few
@given(CONSTRAINTS, st.integers(0, 999))
def test_greedy_search_is_a_beam_of_one(toy: type, permitted: SymbolAutomaton, seed: int) -> None:
    stepper = AnswerConstraint(toy(seed, letters=3), permitted, MOST)
    greedy = search(stepper, pad(SOURCES), DecodingConfig(max_length=MOST))
    beam = beam_search(stepper, pad(SOURCES), beam=1, n_best=1, max_length=MOST, alpha=0.6)
    assert [(a.items, a.finished) for (a,) in greedy] == [(a.items, a.finished) for (a,) in beam]


def test_a_search_with_few_steps_left_takes_the_way_that_ends(toy: type) -> None:
    permitted = matching("a*b|c{3}")
    (answer,) = search_corpus(toy(3, letters=3), SOURCES[:1], DecodingConfig(max_length=2), pad, permitted=permitted)
    assert [found.items for found in answer] == [(5,)]


@few
@given(CONSTRAINTS, st.sampled_from(WHOLE))
def test_a_target_that_is_not_permitted_is_impossible(toy: type, permitted: SymbolAutomaton, text: Any) -> None:
    [free] = log_likelihoods(toy(3, letters=3), SOURCES[:1], [np.array(text)], pad)
    [found] = log_likelihoods(AnswerConstraint(toy(3, letters=3), permitted, 9), SOURCES[:1], [np.array(text)], pad)
    assert found == (pytest.approx(free) if text in accepted(permitted) else -np.inf)


@few
@given(CONSTRAINTS, st.lists(st.sampled_from(LETTERS), max_size=2), st.integers(0, 99), st.sampled_from([*SEARCHES]))
def test_a_prefix_and_permitted_answers_hold_together(
    toy: type, permitted: SymbolAutomaton, prefix: list[int], seed: int, way: str
) -> None:
    config, begins = DecodingConfig(max_length=MOST, **SEARCHES[way]), np.array(prefix, dtype=np.int64)
    right = {text for text in accepted(permitted) if list(text[: len(prefix)]) == prefix}
    (found,) = search_corpus(toy(seed, letters=3), SOURCES[:1], config, pad, prefixes=[begins], permitted=permitted)
    finished = [(*answer.items, EOS) for answer in found if answer.finished]
    assert set(finished) <= right and bool(finished) == bool(right)


def test_real_values_cannot_be_permitted() -> None:
    class Real:
        distribution = "a density"

    with pytest.raises(Mistake, match="writes real values"):
        AnswerConstraint(Real(), listed([(4,)]), 5)  # type: ignore[arg-type]
