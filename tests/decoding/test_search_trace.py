"""A recorded search finds what it finds unrecorded, and its steps add up to its answers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from drifting import drifting, sources
from unspool.config import DecodingConfig
from unspool.decoding import search_corpus
from unspool.decoding.search_trace import SearchTrace, trace_search
from unspool.decoding.watching import Watch
from unspool.errors import Mistake
from unspool.fields.padding import pad
from unspool.nn.stepper import TorchStepper
from unspool.types import EOS, FIRST_EMITTED

SOURCE = np.array([5, 6, 7])
NOTHING = np.zeros(0, dtype=np.int64)
WORLDS = st.fixed_dictionaries(
    {
        "seed": st.integers(0, 10_000),
        "letters": st.integers(1, 12),
        "impossible": st.sampled_from([0.0, 0.3]),
        "finishing": st.sampled_from([0.0, 0.2]),
        "eos_bonus": st.sampled_from([-3.0, 0.0, 2.0]),
    }
)
SEARCHES: list[dict[str, Any]] = [{}, {"beam": 2}, {"beam": 5}, {"sample": True}, {"beam": 3, "no_repeat": 1}]


def traced(stepper: Any, prefix: Any = NOTHING, **way: Any) -> SearchTrace:
    return trace_search(stepper, pad([SOURCE]), DecodingConfig(max_length=6, **way), prefix, NOTHING)


def plain(hypotheses: Any) -> Any:
    return [(h.items, pytest.approx(h.score, abs=1e-9), h.finished) for h in hypotheses]


@settings(max_examples=80)
@given(WORLDS, st.sampled_from(SEARCHES), st.sampled_from([(), (4,), (4, 4)]))
def test_a_recorded_search_finds_what_it_finds_unrecorded(
    toy: type, world: Any, way: dict[str, Any], prefix: tuple[int, ...]
) -> None:
    ids = np.array(prefix, dtype=np.int64)
    found = traced(toy(**world), ids, **way)
    whole = DecodingConfig(max_length=6, **way, **({} if "sample" in way else {"n_best": way.get("beam", 1)}))
    [expected] = search_corpus(toy(**world), [SOURCE], whole, pad, prefixes=[ids] if prefix else None)
    assert plain(found.hypotheses) == plain(expected)


@settings(max_examples=80)
@given(WORLDS, st.sampled_from(SEARCHES), st.sampled_from([(), (4,)]))
def test_paths_spell_the_answers_and_scores_add_up(
    toy: type, world: Any, way: dict[str, Any], prefix: tuple[int, ...]
) -> None:
    stepper = toy(**world)
    found = traced(stepper, np.array(prefix, dtype=np.int64), **way)
    for hypothesis, path in zip(found.hypotheses, found.paths, strict=True):
        kept = [step.kept[place] for step, place in zip(found.steps, path, strict=False)]
        assert tuple(one.item for one in kept if one.item != EOS) == hypothesis.items
        assert [one.parent for one in kept[1:]] == path[:-1] and all(one.parent == 0 for one in kept[:1])
        assert sum(one.log_prob for one in kept) == pytest.approx(hypothesis.score, abs=1e-9)
        assert not any(one.finished for one in kept[:-1])
        if kept:
            assert kept[-1].finished == hypothesis.finished
            assert kept[-1].score == pytest.approx(stepper.log_prob((5, 6, 7), tuple(one.item for one in kept)))
    ends = [(at, place) for at, step in enumerate(found.steps) for place, one in enumerate(step.kept) if one.finished]
    assert sorted(ends) == sorted(
        (len(path) - 1, path[-1]) for h, path in zip(found.hypotheses, found.paths, strict=True) if h.finished
    ), "what ended is an answer, and nothing else has ended"


@settings(max_examples=40)
@given(WORLDS, st.sampled_from([{}, {"beam": 3}]))
def test_what_is_probable_is_what_the_model_says_without_a_prefix(toy: type, world: Any, way: dict[str, Any]) -> None:
    stepper = toy(**world)
    found = traced(stepper, np.array([4]), **way)
    [first] = found.steps[:1]
    table, _ = stepper.says((5, 6, 7), ())
    best = sorted(zip(table, stepper.symbols, strict=True), key=lambda pair: -pair[0])[:10]
    known = first.log_probs[0] > -np.inf
    np.testing.assert_allclose(first.log_probs[0][known], [one for one, _ in best if one > -np.inf])
    assert first.items[0][known].tolist() == [item for one, item in best if one > -np.inf]
    assert all(item >= FIRST_EMITTED for item in first.items[0])
    assert [one.item for one in first.kept] in ([4], []), "but only the prefix goes on"


def test_attention_is_that_of_each_step(toy: type) -> None:
    stepper = toy(3, eos_bonus=-3.0)
    found = traced(stepper, beam=3)
    [path, *_] = found.paths
    for t, (step, place) in enumerate(zip(found.steps, path, strict=False)):
        row = step.kept[place].parent
        np.testing.assert_array_equal(step.attention[row], stepper.looks((5, 6, 7), found.hypotheses[0].items[:t]))


def test_a_search_that_nobody_waits_for_ends(toy: type) -> None:
    asked = []

    def wants(source: int) -> bool:
        asked.append(source)
        return len(asked) < 3

    found = trace_search(
        toy(3, eos_bonus=-30.0), pad([SOURCE]), DecodingConfig(max_length=50), NOTHING, NOTHING, Watch(wants)
    )
    assert asked == [0, 0, 0] and len(found.steps) == 3


def test_real_values_and_several_samples_are_refused(toy: type) -> None:
    stepper = TorchStepper(drifting(), torch.device("cpu"))
    with pytest.raises(Mistake, match="writes real values"):
        trace_search(stepper, pad(sources(4)), DecodingConfig(), NOTHING, NOTHING)
    with pytest.raises(Mistake, match="one sample"):
        traced(toy(), sample=True, n_best=2)
