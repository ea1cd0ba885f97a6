"""Sampling against probabilities, against greedy search, and against who else is there."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unspool.config import DecodingConfig, validated
from unspool.decoding import search, search_corpus
from unspool.decoding.sampling import weights
from unspool.errors import Mistake
from unspool.fields.padding import pad
from unspool.types import EOS, Array, Question

SOURCES = [(5, 6, 7), (8,), (9, 9, 4, 4), (4, 7), ()]
WORLDS = st.fixed_dictionaries(
    {
        "seed": st.integers(0, 1000),
        "letters": st.integers(1, 3),
        "impossible": st.sampled_from([0.0, 0.3]),
        "finishing": st.sampled_from([0.0, 0.2]),
    }
)


def batch(sources: list[tuple[int, ...]]) -> Any:
    return pad([np.array(source, dtype=np.int64) for source in sources])


def sampling(**values: Any) -> DecodingConfig:
    return DecodingConfig(**{"sample": True, "max_length": 6} | values)


@settings(deadline=None, max_examples=50)
@given(WORLDS, st.sampled_from([{"temperature": 1e-9}, {"temperature": 1e-320}, {"top_k": 1}, {"top_p": 1e-9}]))
def test_no_freedom_is_greedy_search(toy: Any, world: Any, narrow: Any) -> None:
    stepper = toy(**world)
    found = search(stepper, batch(SOURCES), sampling(n_best=2, **narrow))
    greedy = search(stepper, batch(SOURCES), DecodingConfig(max_length=6))
    assert found == [[best, best] for (best,) in greedy]


@settings(deadline=None, max_examples=50)
@given(WORLDS, st.permutations(range(len(SOURCES))), st.integers(1, 30))
def test_draws_do_not_depend_on_who_shares_the_batch(toy: Any, world: Any, order: list[int], budget: int) -> None:
    stepper, chosen = toy(**world), sampling(n_best=3, batch_symbols=budget)
    sources = [np.array(SOURCES[i], dtype=np.int64) for i in order]
    together = search_corpus(stepper, sources, chosen, pad, numbers=order)
    alone = [search(stepper, batch([SOURCES[i]]), chosen, [i])[0] for i in order]
    assert together == alone


@settings(deadline=None, max_examples=50)
@given(WORLDS)
def test_more_samples_leave_the_first_ones_as_they_were(toy: Any, world: Any) -> None:
    few, many = (search(toy(**world), batch(SOURCES), sampling(n_best=n)) for n in (2, 5))
    assert [listed[:2] for listed in many] == few


@settings(deadline=None, max_examples=50)
@given(WORLDS, st.sampled_from([{}, {"temperature": 3.0}, {"top_k": 2}, {"top_p": 0.7}]))
def test_the_score_is_the_models_own_whatever_was_drawn_from(toy: Any, world: Any, narrow: Any) -> None:
    stepper = toy(**world)
    for source, samples in zip(SOURCES, search(stepper, batch(SOURCES), sampling(n_best=4, **narrow)), strict=True):
        for one in samples:
            said_done = bool(one.items) and stepper.says(source, one.items[:-1])[1]
            steps = (*one.items, EOS) if one.finished and not said_done else one.items
            assert one.score == pytest.approx(stepper.log_prob(source, steps), abs=1e-9)
            assert (one.attention is None) == (not steps)
            if one.attention is not None:
                looked = [stepper.looks(source, steps[:t]) for t in range(len(steps))]
                np.testing.assert_array_equal(one.attention, looked)


def test_answers_are_as_frequent_as_they_are_probable(toy: Any) -> None:
    stepper, count = toy(seed=4, letters=2), 20_000
    [samples] = search(stepper, batch([(5, 6)]), sampling(n_best=count, max_length=2))
    seen = Counter((one.items, one.finished) for one in samples)
    assert len(seen) == 1 + 2 + 4  # EOS at once, or behind either letter, or two letters
    for (items, finished), times in seen.items():
        chance = np.exp(stepper.log_prob((5, 6), (*items, EOS) if finished else items))
        assert times == pytest.approx(count * chance, abs=4 * np.sqrt(count * chance))


def test_every_seed_draws_otherwise_and_each_draws_the_same_again(toy: Any) -> None:
    stepper = toy(letters=3, eos_bonus=-9.0)
    found = [search(stepper, batch(SOURCES), sampling(n_best=3, seed=seed)) for seed in (1, 1, 2)]
    assert found[0] == found[1]
    assert found[0] != found[2]
    assert len({one.items for one in found[0][0]}) > 1


def test_the_same_source_at_another_place_is_drawn_anew(toy: Any) -> None:
    one, other = search(toy(letters=3, eos_bonus=-9.0), batch([(5, 6), (5, 6)]), sampling(n_best=4))
    assert one != other


def previous(log_probs: Array, options: DecodingConfig) -> Array:
    """What is drawn in proportion to, by the definition: every class in order, best first, `[C]`."""
    order = np.argsort(-log_probs, kind="stable")
    likely = np.exp((log_probs[order] - log_probs.max()) / options.temperature)
    likely[options.top_k or len(likely) :] = 0.0
    before = np.cumsum(likely) - likely
    weights = np.zeros_like(likely)
    weights[order] = np.where(before < options.top_p * likely.sum(), likely, 0.0)
    return weights


@settings(deadline=None, max_examples=50)
@given(WORLDS, st.sampled_from([{}, {"temperature": 3.0}, {"top_k": 2}, {"top_p": 0.7}, {"top_k": 3, "top_p": 0.6}]))
def test_every_draw_is_that_of_its_seed_source_copy_and_step(toy: Any, world: Any, narrow: Any) -> None:
    """Weights are laid end to end in the order of the items; number t of a stream draws item t."""
    stepper, options = toy(**world), sampling(n_best=2, seed=3, **narrow)
    for number, samples in zip((7, 4), search(stepper, batch(SOURCES[:2]), options, [7, 4]), strict=True):
        for copy, one in enumerate(samples):
            uniform = np.random.default_rng([3, number, copy]).random(6)
            source = SOURCES[(7, 4).index(number)]
            for t, item in enumerate((*one.items, EOS)[: len(one.items) + one.finished]):
                log_probs, done = stepper.says(source, one.items[:t])
                edges = np.cumsum(previous(log_probs, options))
                assert stepper.symbols[int((edges <= uniform[t] * edges[-1]).sum())] == item
                if done:
                    break


@pytest.mark.parametrize(
    ("narrow", "question"), [({}, (None, True)), ({"top_p": 0.5}, (None, True)), ({"top_k": 2}, (2, False))]
)
def test_nothing_is_sorted_that_need_not_be(toy: Any, narrow: Any, question: Any) -> None:
    stepper = toy()
    search(stepper, batch(SOURCES), sampling(**narrow))
    assert {(asked.top_k, asked.everything) for asked in stepper.questions} == {question}
    assert stepper.questions[0] == Question(question[0], everything=question[1])


LOG_PROBS: Array = np.log([[0.25, 0.5, 0.1, 0.15]])


@pytest.mark.parametrize(
    ("narrow", "expected"),
    [
        ({}, [0.25, 0.5, 0.1, 0.15]),
        ({"temperature": 0.5}, [0.0625, 0.25, 0.01, 0.0225]),
        ({"top_p": 0.5}, [0, 0.5, 0, 0]),
        ({"top_p": 0.51}, [0.25, 0.5, 0, 0]),
        ({"top_p": 0.95}, [0.25, 0.5, 0.1, 0.15]),
        ({"temperature": 0.5, "top_p": 0.8}, [0.0625, 0.25, 0, 0]),  # tempered first
    ],
)
def test_what_is_drawn_from(narrow: Any, expected: list[float]) -> None:
    found = weights(LOG_PROBS, sampling(**narrow))[0]
    np.testing.assert_allclose(found / found.sum(), np.array(expected) / sum(expected))


@pytest.mark.parametrize("bad", [-np.inf, np.nan])
def test_a_dead_end_is_returned_unfinished(toy: Any, bad: float) -> None:
    class Ends(toy):  # type: ignore[misc]
        def says(self, source: Any, prefix: Any) -> Any:
            return (np.full(3, bad) if len(prefix) == 2 else np.log([1e-9, 0.6, 0.4])), False

    [samples] = search(Ends(), batch([(5,)]), sampling(n_best=3))
    assert [(len(one.items), one.finished) for one in samples] == [(2, False)] * 3


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"sample": True, "beam": 5}, "cannot be combined with sampling"),
        ({"temperature": 0.5}, "--temperature is for sampling"),
        ({"top_k": 3}, "--top-k is for sampling"),
        ({"top_p": 0.3}, "--top-p is for sampling"),
    ],
)
def test_settings_that_cannot_be_are_a_mistake(values: Any, said: str) -> None:
    with pytest.raises(Mistake, match=said):
        validated(DecodingConfig, values, "decoding")


def test_symbols_have_no_bias(toy: Any) -> None:
    with pytest.raises(Mistake, match="writes symbols"):
        search(toy(), batch([(5,)]), sampling(bias=1.0))
