"""An ensemble says the mean of what its members say, and search cannot tell it from a model."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unspool.config import DecodingConfig
from unspool.decoding import search
from unspool.decoding.ensemble import Ensemble, best, mean_attention, mean_probabilities
from unspool.decoding.likelihood import log_likelihoods
from unspool.fields.padding import pad
from unspool.types import EOS, Question

SOURCES = [(5, 6, 7), (8,), (9, 9, 4, 4), (4, 7)]
SETTINGS = {
    "greedy": {},
    "a beam": {"beam": 4, "n_best": 4},
    "samples": {"sample": True, "n_best": 3, "temperature": 1.5, "top_p": 0.9},
}
TARGETS = st.lists(st.lists(st.sampled_from([4, 5, 3]), min_size=1, max_size=4), min_size=4, max_size=4)
WORLDS = st.fixed_dictionaries(
    {"letters": st.integers(1, 3), "impossible": st.sampled_from([0.0, 0.3]), "finishing": st.sampled_from([0.0, 0.2])}
)


def answers(stepper: Any, sources: Any, way: str) -> list[Any]:
    options: Any = {"max_length": 6, **SETTINGS[way]}
    found = search(stepper, pad([np.array(source) for source in sources]), DecodingConfig(**options))
    return [[(h.items, pytest.approx(h.score, abs=1e-9), h.finished) for h in each] for each in found]


@given(WORLDS, st.integers(0, 100), st.sampled_from([*SETTINGS]), st.integers(1, 3))
def test_of_one_model_with_itself_it_answers_as_the_model_does(
    toy: type, world: Any, seed: int, way: str, count: int
) -> None:
    model = toy(seed, **world)
    assert answers(Ensemble([model] * count), SOURCES, way) == answers(model, SOURCES, way)


@given(st.integers(0, 100), st.sampled_from([*SETTINGS]))
def test_a_score_is_the_sum_of_the_logs_of_the_mean_probabilities(toy: type, seed: int, way: str) -> None:
    members = [toy(seed + n, letters=2, impossible=0.2 * n) for n in range(3)]
    options: Any = {"max_length": 6, **SETTINGS[way]}
    found = search(Ensemble(members), pad([np.array(s) for s in SOURCES]), DecodingConfig(**options))
    for source, hypotheses in zip(SOURCES, found, strict=True):
        for hypothesis in hypotheses:
            written = (*hypothesis.items, *[EOS] * hypothesis.finished)
            steps = [[probability(m, source, written, t) for t in range(len(written))] for m in members]
            assert hypothesis.score == pytest.approx(np.log(np.mean(steps, 0)).sum(), abs=1e-9)


def probability(member: Any, source: Any, written: Any, t: int) -> float:
    """Of item t, behind the items before it."""
    return float(np.exp(member.says(source, written[:t])[0][member.symbols.index(written[t])]))


@pytest.mark.parametrize("way", ["greedy", "a beam"])
def test_it_does_not_matter_who_shares_the_batch(toy: type, way: str) -> None:
    members = [toy(1), toy(2, letters=3)]
    together = answers(Ensemble(members), SOURCES, way)
    assert together == [answers(Ensemble(members), [source], way)[0] for source in SOURCES]


def test_only_a_row_that_every_member_calls_done_is_done(toy: type) -> None:
    never, always = toy(1, finishing=0.0), toy(1, finishing=1.0)
    answer, _ = Ensemble([never, always]).step(Ensemble([never, always]).open(pad([np.array([4])])), Question(1))
    assert answer.done is not None and not answer.done.any()
    assert Ensemble([never]).step(Ensemble([never]).open(pad([np.array([4])])), Question(1))[0].done is None


def test_as_many_threads_may_ask_it_as_may_ask_every_member(toy: type) -> None:
    free, bound = toy(threads=3), toy()
    shared, threads = Ensemble([free, toy(threads=2)]).shared()
    assert threads == 2 and isinstance(shared, Ensemble)
    together = Ensemble([free, bound])
    assert together.shared() == (together, 1)


def test_a_class_that_a_member_lacks_is_impossible_to_it() -> None:
    """Of members that copy, each has as many classes as its source has symbols."""
    with np.errstate(divide="ignore"):
        tables = [np.log([[0.0, 0.25, 0.75]]), np.log([[0.0, 0.0, 0.0, 1.0]])]
    np.testing.assert_allclose(mean_probabilities(tables), [[0.0, 0.125, 0.375, 0.5]])
    items, log_probs = best(tables, 9)
    assert items.tolist() == [[5, 4, 3, 2]]
    np.testing.assert_allclose(np.exp(log_probs), [[0.5, 0.375, 0.125, 0.0]])
    assert best(tables, 2)[0].tolist() == [[5, 4]]


def test_among_equals_the_lower_item_comes_first() -> None:
    assert best([np.log([[0.25, 0.25, 0.25, 0.25]])], 2)[0].tolist() == [[2, 3]]


def test_what_is_too_small_for_single_precision_still_has_a_log_probability() -> None:
    tables = [np.array([[-400.0, 0.0, -300.0]], dtype=np.float32)] * 2
    items, log_probs = best(tables, 3)
    assert items.tolist() == [[3, 4, 2]] and log_probs.tolist() == [[0.0, -300.0, -400.0]]


@given(st.integers(0, 100), TARGETS)
def test_of_given_targets_each_member_is_asked_for_those_alone(toy: type, seed: int, targets: list[list[int]]) -> None:
    members = [toy(seed), toy(seed + 1, impossible=0.2)]
    found = log_likelihoods(Ensemble(members), [np.array(s) for s in SOURCES], [np.array(t) for t in targets], pad)
    for source, target, log_prob in zip(SOURCES, targets, found, strict=True):
        steps = [[probability(m, source, tuple(target), t) for t in range(len(target))] for m in members]
        with np.errstate(divide="ignore"):
            assert log_prob == pytest.approx(np.log(np.mean(steps, 0)).sum(), abs=1e-9)
    assert not any(asked.everything or asked.top_k for member in members for asked in member.questions)


def test_attention_is_the_mean_of_those_that_look() -> None:
    low, high = np.zeros((2, 3)), np.ones((2, 3))
    np.testing.assert_array_equal(mean_attention([low, None, high]), np.full((2, 3), 0.5))
    assert mean_attention([None, None]) is None
    assert mean_attention([low, np.ones((2, 4))]) is None and mean_attention([low, (low, high)]) is None
    one, other = mean_attention([(low, low), (high, low)])
    assert one.mean() == 0.5 and other.mean() == 0.0
