"""How sure answers are: `predict --json` and `--at-least`, and `evaluate --at-least` and `--calibrate`."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

import unspool
from documented import lay_out
from keyboard import TINY, Said, Shell, without_extra
from unspool import folder as disk

LINES = b"bade\n\nkomi\nmita\n"


def confidences(said: Said) -> list[list[float]]:
    assert said.code == 0, said
    return [[one["confidence"] for one in json.loads(line)["hypotheses"]] for line in said.out.splitlines()]


@pytest.fixture
def test_file(tmp_path: Path) -> Path:
    lay_out(tmp_path)
    return tmp_path / "test.tsv"


@pytest.fixture
def sure(trained: Path, test_file: Path) -> Path:
    """A trained folder whose answers have confidences."""
    unspool.load(trained).calibrate(test_file)
    return trained


@pytest.fixture
def sure_export(sure: Path, exported: Path) -> Path:
    """An export of it."""
    shutil.copy(sure / disk.CALIBRATION, exported)
    return exported


def test_a_trained_model_and_its_export_say_the_same_of_each_answer(
    shell: Shell, sure: Path, sure_export: Path
) -> None:
    found = confidences(shell("predict", sure, "--json", "--beam", 3, "--n-best", 3, stdin=LINES))
    assert [len(line) for line in found] == [3, 0, 3, 3] and all(0 <= one < 1 for line in found for one in line)
    same = confidences(shell("predict", sure_export, "--json", "--beam", 3, "--n-best", 3, stdin=LINES))
    for one, other in zip(found, same, strict=True):
        assert one == pytest.approx(other, abs=2e-4)


def test_answers_that_are_not_sure_enough_are_left_out_and_counted(shell: Shell, sure: Path) -> None:
    [highest] = max(confidences(shell("predict", sure, "--json", stdin=LINES)))
    said = shell("predict", sure, "--at-least", highest, stdin=LINES)
    assert [bool(line) for line in said.out.split("\n")[:-1]].count(True) == 1 and said.out.count("\n") == 4
    assert "2 lines were left without an answer: no confidence was high enough (--at-least)." in said.err
    said = shell("predict", sure, "--json", "--at-least", highest, stdin=LINES)
    lines = [json.loads(line) for line in said.out.splitlines()]
    assert sorted(line["abstained"] for line in lines) == [False, False, True, True]
    assert all(line["hypotheses"] == [] for line in lines if line["abstained"]) and not lines[1]["abstained"]
    everything = shell("predict", sure, "--at-least", 0, stdin=LINES)
    assert everything.out == shell("predict", sure, stdin=LINES).out


def test_an_evaluation_says_how_well_confidences_keep_what_they_say(
    shell: Shell, sure: Path, test_file: Path, tmp_path: Path
) -> None:
    said = shell("evaluate", sure, test_file, "--at-least", 0.0001, "--json", tmp_path / "figures.json")
    figures = json.loads((tmp_path / "figures.json").read_text())
    assert "calibration error:" in said.out and "right of answered" in said.out
    assert sum(tenth["n"] for tenth in figures["reliability"]) == figures["n"] == 40
    assert figures["right_of_answered"] == pytest.approx(100 * figures["exact_match"] / figures["answered"], abs=0.01)
    assert figures["at_least"] == 0.0001 and 0 <= figures["calibration_error"] <= 100


def test_a_folder_of_an_earlier_release_is_calibrated_afterwards(shell: Shell, trained: Path, test_file: Path) -> None:
    assert "confidence" not in shell("predict", trained, "--json", stdin=LINES).out
    said = shell("predict", trained, "--at-least", 0.5, stdin=LINES)
    assert said.code == 2 and "not calibrated" in said.lines[0] and "--calibrate" in said.lines[1]
    said = shell("evaluate", trained, test_file, "--calibrate")
    assert said.code == 0 and "calibrated" in said.err
    assert confidences(shell("predict", trained, "--json", stdin=LINES))[0]


def test_what_has_no_confidence_is_said(shell: Shell, sure: Path, exported: Path, test_file: Path) -> None:
    few = test_file.with_name("few.tsv")
    few.write_text("".join(test_file.read_text().splitlines(keepends=True)[:3]))
    for words, what in (
        (("predict", sure, exported, "--at-least", 0.5), "several models together"),
        (("predict", sure, "--at-least", 90), "no probability"),
        (("evaluate", exported, test_file, "--calibrate"), "exported folder"),
        (("evaluate", sure, exported, test_file, "--calibrate", "--ensemble"), "ensemble"),
        (("evaluate", sure, few, "--calibrate"), "too few"),
    ):
        said = shell(*words, stdin=LINES)
        assert said.code == 2 and len(said.lines) == 2 and what in said.lines[0], said
    (sure / disk.CALIBRATION).write_text('{"confidence": {"a": "x"}}')
    said = shell("predict", sure, stdin=LINES)
    assert said.code == 2 and disk.CALIBRATION in said.lines[0], said


def test_an_export_is_sure_without_pytorch(sure_export: Path, test_file: Path) -> None:
    done = without_extra("evaluate", sure_export, test_file, "--at-least", 0.001)
    assert done.returncode == 0 and "calibration error:" in done.stdout, done.stderr


def test_a_training_calibrates_at_its_end_and_forgets_it_where_it_goes_on(test_file: Path, tmp_path: Path) -> None:
    settings = dict(word.split("=") for word in TINY[1::2]) | {"training.max_updates": 10}
    given = {"out": tmp_path / "run", "progress": False}
    model = unspool.train(test_file.with_name("pairs.tsv"), valid=test_file, settings=settings, **given)
    assert model.predictor.confidence is not None and model.predictor.confidence.examples == 40
    disk.write_calibration(tmp_path / "run", "relevance", {"of": "other weights"})
    unspool.train(resume=True, settings={"training.max_updates": 12}, **given)
    assert disk.read_calibration(tmp_path / "run", "confidence")["examples"] == 40
    assert disk.read_calibration(tmp_path / "run", "relevance") is None


def test_permitted_answers_and_prefixes_have_the_confidence_of_the_same_answer(sure: Path) -> None:
    model = unspool.load(sure)
    for free in model.predict(["bade", "komi"], beam=3, n_best=3):
        known = {answer.text: answer.confidence for answer in free.hypotheses}
        for given in ({"allow": [*known]}, {"pattern": "[a-z]*"}, {"prefix": free.text[:1]}):
            [same] = model.predict([free.source], beam=3, n_best=3, **given)
            for answer in same.hypotheses:
                assert answer.confidence is not None
                assert answer.confidence == pytest.approx(known.get(answer.text, answer.confidence), abs=1e-4)
