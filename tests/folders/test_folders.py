"""Folders that earlier releases wrote still load, answer as they did, and can be resumed.

Each release has a folder of its own here: small trained and exported models of every kind, the data that they learned
from, and in `answers.json` what that release answered. its `make.py` says how they were made.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import unspool
from unspool import runs
from unspool.data.inputs import Files

HERE = Path(__file__).parent
RELEASES = sorted(path for path in HERE.iterdir() if (path / "answers.json").exists())
CASES = [(release, name) for release in RELEASES for name in json.loads((release / "answers.json").read_text())]
every_folder = pytest.mark.parametrize(("release", "name"), CASES, ids=lambda part: getattr(part, "name", part))
TOLERANCE = 2e-4  # nats: another processor adds up in another order


def told(release: Path, name: str) -> dict[str, Any]:
    answers: dict[str, Any] = json.loads((release / "answers.json").read_text(encoding="utf-8"))[name]
    return answers


def asked(answers: dict[str, Any]) -> list[Any]:
    given = answers["asked"]
    return [np.array(one, dtype=np.float32) for one in given] if answers["data"].endswith(".npz") else given


def assert_same(found: list[tuple[str, float]], expected: list[list[Any]]) -> None:
    assert [text for text, _ in found] == [text for text, _ in expected]
    assert [score for _, score in found] == pytest.approx([score for _, score in expected], abs=TOLERANCE)


@pytest.mark.parametrize("form", ["trained", "exported"])
@every_folder
def test_it_answers_as_it_did(release: Path, name: str, form: str) -> None:
    answers = told(release, name)
    model = unspool.load(release / name / form, "cpu")
    for kind in ("greedy", "beam", "sampled"):
        if kind in answers:
            predictions = model.predict(asked(answers), **answers[kind]["settings"])
            for prediction, expected in zip(predictions, answers[kind]["answers"], strict=True):
                assert_same([(answer.text, answer.score) for answer in prediction.hypotheses], expected)


@every_folder
def test_it_scores_and_is_evaluated_as_it_was(release: Path, name: str) -> None:
    answers = told(release, name)
    model = unspool.load(release / name / "trained", "cpu")
    figures = model.evaluate(release / answers["data"])
    for key, expected in answers["evaluate"].items():
        if key.endswith(("_low", "_high")):  # intervals are computed in another way since
            assert figures[key.rsplit("_", 1)[0] + "_low"] <= figures[key] <= figures[key.rsplit("_", 1)[0] + "_high"]
            continue
        known = pytest.approx(expected, abs=1e-2) if isinstance(expected, float) else expected
        assert figures[key] == known, key
    pairs = [(source, target) for source, target, _ in answers.get("score", [])]
    found = [score.log_prob for score in model.score(pairs)]
    assert found == pytest.approx([log_prob for *_, log_prob in answers.get("score", [])], abs=TOLERANCE)


@pytest.mark.parametrize(
    ("release", "name"),
    [case for case in CASES if "resumed" in told(*case)],
    ids=lambda part: getattr(part, "name", part),
)
def test_its_training_goes_on_as_it_would_have(release: Path, name: str, tmp_path: Path) -> None:
    answers = told(release, name)
    shutil.copytree(release / name / "trained", tmp_path / "run")
    files = Files((release / answers["data"],))
    changes = {"training": {"max_updates": 40}}
    runs.resume(tmp_path / "run", changes, files, on_report=lambda report: None, on_message=lambda message: None)
    predictions = unspool.load(tmp_path / "run", "cpu").predict(["abc", "fade"])
    found = [(answer.text, answer.score) for prediction in predictions for answer in prediction.hypotheses]
    assert_same(found, answers["resumed"])
