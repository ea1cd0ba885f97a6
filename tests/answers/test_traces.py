"""A trace tells in tokens how an answer was found, and its answers are those of `predict`."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

import unspool
from servers import exported
from unspool.answers.traces import VectorStrip
from unspool.errors import Mistake
from unspool.types import Question

LUONG = unspool.load(exported("luong"), "cpu")


@pytest.mark.parametrize("way", [{}, {"beam": 3}, {"sample": True, "seed": 3}, {"beam": 2, "prefix": "fe"}], ids=str)
def test_answers_are_those_of_predict(way: dict[str, Any]) -> None:
    found = LUONG.trace("fade", max_length=9, **way)
    [expected] = LUONG.predict(["fade"], max_length=9, n_best=way.get("beam", 1), **way)
    assert [one.text for one in found.hypotheses] == [one.text for one in expected.hypotheses]
    np.testing.assert_allclose(
        [one.score for one in found.hypotheses], [one.score for one in expected.hypotheses], atol=1e-4
    )
    assert found.source_tokens == expected.source_tokens == list("fade")
    [path, *_] = found.paths
    told = [step[place].token for step, place in zip(found.steps, path, strict=False)]
    assert [token for token in told if token != "</s>"] == expected.hypotheses[0].tokens
    weights = np.array([step[place].attention for step, place in zip(found.steps, path, strict=False)])
    np.testing.assert_allclose(weights, expected.hypotheses[0].attention, atol=1e-5)


def test_numbers_of_a_trace_are_a_prefix_of_another() -> None:
    first = LUONG.trace("fade", max_length=9)
    other = first.steps[0][0].top[2]
    assert other.token not in ("</s>", "<unk>")
    forced = LUONG.trace("fade", max_length=9, prefix=[other.item])
    assert forced.hypotheses[0].tokens[0] == other.token
    assert forced.steps[0][0].token == other.token and forced.steps[0][0].top == first.steps[0][0].top
    assert forced.steps[0][0].log_prob == pytest.approx(np.log(other.probability), abs=1e-4)
    assert forced.to_json() == LUONG.trace("fade", max_length=9, prefix=other.token).to_json()


@pytest.mark.parametrize("prefix", [[0], [1], [3], [4, 999], [-1]])
def test_a_prefix_of_numbers_that_are_no_symbols_is_refused(prefix: list[int]) -> None:
    with pytest.raises(Mistake, match="no symbol of an answer"):
        LUONG.trace("fade", prefix=prefix)


def test_a_prefix_as_long_as_an_answer_is_refused() -> None:
    with pytest.raises(Mistake, match="at most 3"):
        LUONG.trace("fade", prefix=[4, 4, 4], max_length=3)


def test_the_json_is_plain_and_probabilities_are_ordered() -> None:
    said = json.loads(json.dumps(LUONG.trace("fade", beam=3, max_length=9).to_json()))
    assert said.keys() == {
        "source", "source_tokens", "steps", "hypotheses", "notes", "can_edit", "states", "context",
    }  # fmt: skip
    for step in said["steps"]:
        for kept in step["live"]:
            chances = [one["probability"] for one in kept["top"]]
            assert chances == sorted(chances, reverse=True) and sum(chances) < 1 + 1e-4
            assert sum(kept["attention"]) == pytest.approx(1, abs=1e-4)


def test_a_label_is_one_step_and_an_empty_source_none() -> None:
    found = unspool.load(exported("han"), "cpu").trace("abc def . fade")
    assert len(found.steps) == 1 and found.steps[0][0].finished and found.steps[0][0].attention is None
    assert {one.token for one in found.steps[0][0].top} == {"odd", "even"}
    assert LUONG.trace("").steps == [] and LUONG.trace("").hypotheses == []


def test_models_without_attention_are_traced() -> None:
    found = unspool.load(exported("cho"), "cpu").trace("fade", max_length=5)
    assert found.steps[0][0].attention is None and found.steps[0][0].top


def test_the_entropy_is_that_of_the_whole_distribution() -> None:
    first = LUONG.trace("fade", max_length=3).steps[0][0]
    [whole] = LUONG.predictor.stepper.step(*opened("luong", "fade"))[0].whole
    assert first.entropy == pytest.approx(-(np.exp(whole) * whole).sum(), abs=1e-5) and first.entropy > 0
    assert first.to_json()["entropy"] == round(first.entropy, 6)


def opened(name: str, source: str) -> tuple[Any, Question]:
    predictor = unspool.load(exported(name), "cpu").predictor
    field = predictor.fields.source
    return predictor.stepper.open(field.collate([field.encode(source)])), Question(everything=True)


def test_the_encoder_s_states_are_told_as_norms_and_some_features() -> None:
    found, cursor = LUONG.trace("fade", max_length=3), opened("luong", "fade")[0]
    states = cursor.memory["memory.states"][0]
    assert found.context is None and found.states is not None and len(found.states) == 4
    for told, state in zip(found.states, states, strict=True):
        assert told.width == len(state) and told.norm == pytest.approx(np.linalg.norm(state), abs=1e-4)
        np.testing.assert_allclose(told.features, state[: len(told.features)], atol=1e-4)
    other = LUONG.trace("edaf", max_length=3).states
    assert other is not None and [one.norm for one in other] != [one.norm for one in found.states]


def test_of_many_features_some_are_shown_evenly() -> None:
    assert VectorStrip.of(np.arange(64.0)).features == [float(place) for place in range(0, 64, 2)]
    assert VectorStrip.of(np.array([3.0, 4.0])) == (5.0, 2, [3.0, 4.0])
    assert VectorStrip.of(np.zeros(0)) == (0.0, 0, [])
    assert len(VectorStrip.of(np.ones(33)).features) == 32


@pytest.mark.parametrize(
    ("name", "source", "states", "context", "can_edit"),
    [
        ("luong", "fade", True, False, True),
        ("copying", "fade", True, False, False),
        ("tagger", "a b", True, False, False),
        ("cho", "fade", False, True, False),
        ("sutskever", "fade", False, True, False),
        ("transformer", "fade", False, False, False),
        ("han", "a b . c", False, False, False),
        ("classifier", "fade", False, False, False),
    ],
)
def test_what_a_model_hands_over_and_whether_it_can_be_edited(
    name: str, source: str, states: bool, context: bool, can_edit: bool
) -> None:
    found = unspool.load(exported(name), "cpu").trace(source, max_length=3)
    assert (found.states is not None, found.context is not None, found.can_edit) == (states, context, can_edit)
    if not can_edit:
        with pytest.raises(Mistake, match="cannot be changed"):
            unspool.load(exported(name), "cpu").trace(source, max_length=3, edits=[(0, 0, 0.5)])
