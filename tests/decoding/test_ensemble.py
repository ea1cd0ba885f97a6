"""An ensemble says the mean of what its members say, and search cannot tell it from a model."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unspool.config import DecodingConfig
from unspool.decoding import search
from unspool.decoding.ensemble import Ensemble, best, mean, mean_attention
from unspool.types import EOS, Choices, pad

SOURCES = [(5, 6, 7), (8,), (9, 9, 4, 4), (4, 7)]
SETTINGS = {
    "greedy": {},
    "a beam": {"beam": 4, "n_best": 4},
    "samples": {"sample": True, "n_best": 3, "temperature": 1.5, "top_p": 0.9},
}
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
    choices, _ = Ensemble([never, always]).step(Ensemble([never, always]).open(pad([np.array([4])])), 1)
    assert choices.done is not None and not choices.done.any()
    assert Ensemble([never]).step(Ensemble([never]).open(pad([np.array([4])])), 1)[0].done is None


def test_as_many_threads_may_ask_it_as_may_ask_every_member(toy: type) -> None:
    free, bound = toy(threads=3), toy()
    shared, threads = Ensemble([free, toy(threads=2)]).shared()
    assert threads == 2 and isinstance(shared, Ensemble)
    together = Ensemble([free, bound])
    assert together.shared() == (together, 1)


def test_what_a_member_does_not_name_it_finds_impossible() -> None:
    one = Choices(np.array([[4, 3]]), np.log([[0.75, 0.25]]), None, None)
    other = Choices(np.array([[5, 3, 4]]), np.array([[0.0, -np.inf, -np.inf]]), None, None)
    items, log_probs = best(mean([one, other]), 9)
    assert items.tolist() == [[5, 4, 3, 2]]
    np.testing.assert_allclose(np.exp(log_probs), [[0.5, 0.375, 0.125, 0.0]])
    assert best(mean([one, other]), 2)[0].tolist() == [[5, 4]]


def test_among_equals_the_lower_item_comes_first() -> None:
    assert best(np.log([[0.25, 0.25, 0.25, 0.25]]), 2)[0].tolist() == [[2, 3]]


def test_attention_is_the_mean_of_those_that_look() -> None:
    low, high = np.zeros((2, 3)), np.ones((2, 3))
    np.testing.assert_array_equal(mean_attention([low, None, high]), np.full((2, 3), 0.5))
    assert mean_attention([None, None]) is None
    assert mean_attention([low, np.ones((2, 4))]) is None and mean_attention([low, (low, high)]) is None
    one, other = mean_attention([(low, low), (high, low)])
    assert one.mean() == 0.5 and other.mean() == 0.0
