"""Confidences rise with the probability, come out as often right as they say, and never lead to certainty."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unspool.answers.confidence import ENOUGH, Confidence, calibrate
from unspool.errors import Mistake
from unspool.metrics.reliability import calibration_error, reliability

FEW = st.lists(st.tuples(st.floats(-60, 0), st.integers(1, 30), st.booleans()), min_size=ENOUGH, max_size=60)


def drawn(smoothing: float, power: float) -> tuple[Any, Any, Any]:
    """Log-probabilities, symbols and right answers of a model that is too sure, and costs a little for each symbol."""
    draw = np.random.default_rng(1)
    symbols, right_share = draw.integers(2, 12, 20_000), draw.beta(4, 1, 20_000)
    return np.log(right_share) / power - smoothing * symbols, symbols, draw.random(20_000) < right_share


@pytest.mark.parametrize(("smoothing", "power"), [(0.0, 1.0), (0.1, 1.0), (0.0, 3.0), (0.1, 0.5)])
def test_of_the_answers_with_a_confidence_that_share_is_right(smoothing: float, power: float) -> None:
    log_probs, symbols, right = drawn(smoothing, power)
    found = calibrate(log_probs[:10_000], symbols[:10_000], right[:10_000])
    assert found is not None and found.cost == pytest.approx(smoothing, abs=0.02)
    sure = found.of(log_probs[10_000:], symbols[10_000:])
    assert calibration_error(reliability(sure, right[10_000:])) < 2
    assert right[10_000:][sure >= 0.9].mean() > 0.9


def test_a_probability_may_stay_as_it_is() -> None:
    probabilities = np.array([1e-30, 0.1, 0.5, 0.99])
    assert Confidence(1, 1, 0, 0, 0).of(np.log(probabilities), np.ones(4)) == pytest.approx(probabilities)


@given(FEW)
def test_it_rises_with_the_probability_and_is_never_certain(examples: list[tuple[float, int, bool]]) -> None:
    found = calibrate(*map(np.array, zip(*examples, strict=True)))
    assert found is not None and found.a >= 0 and found.b >= 0
    shares = found.of(np.array([-50.0, -5.0, -1.0, -0.1, -1e-3, 0.0]), np.full(6, 3))
    assert (np.diff(shares) >= 0).all() and (shares >= 0).all() and (shares < 1).all()


def test_too_few_examples_say_nothing() -> None:
    few = np.ones(ENOUGH - 1)
    assert calibrate(-few, few, few) is None


def test_what_is_saved_is_read_and_what_is_broken_is_named() -> None:
    kept = Confidence(0.5, 0.25, -1.5, 0.1, 300)
    assert Confidence.from_json(json.loads(json.dumps(kept.to_json())), "x") == kept
    wrong = ({"a": -1}, {"a": 1e308}, {"m": float("nan")}, {"m": float("inf")}, {"cost": "x"}, {"examples": None})
    for broken in ({}, "x", *(kept.to_json() | each for each in wrong)):
        with pytest.raises(Mistake, match=r"calibration\.json: its confidence cannot be read"):
            Confidence.from_json(broken, "calibration.json")
