"""Several folders that answer as one."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import unspool
from documented import lay_out
from keyboard import TINY, Said, Shell
from unspool.errors import Mistake

WORDS = ["bade", "komi", "mita"]
LINES = "".join(f"{word}\n" for word in WORDS).encode()


@pytest.fixture(scope="session")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model without attention, trained on what the folder's other tests train on."""
    folder = tmp_path_factory.mktemp("other")
    lay_out(folder)
    settings = dict(word.split("=") for word in TINY[1::2])
    unspool.train(folder / "pairs.tsv", out=folder / "run", model="sutskever", settings=settings)
    return folder / "run"


def refused(said: Said, *words: str) -> None:
    assert said.code == 2 and len(said.lines) == 2 and all(word in said.err for word in words), said


def test_a_model_with_itself_answers_as_it_does_alone(shell: Shell, trained: Path, exported: Path) -> None:
    alone = [
        json.loads(line) for line in shell("predict", trained, "--json", "--beam", 3, stdin=LINES).out.splitlines()
    ]
    for folders in ([trained, trained], [trained, exported], [exported, exported, trained]):
        said = shell("predict", *folders, "--json", "--beam", 3, stdin=LINES)
        assert said.code == 0, said
        for one, other in zip(map(json.loads, said.out.splitlines()), alone, strict=True):
            (answer,), (expected,) = one["hypotheses"], other["hypotheses"]
            assert answer["tokens"] == expected["tokens"]
            assert answer["score"] == pytest.approx(expected["score"], abs=1e-4)
            np.testing.assert_allclose(answer["attention"], expected["attention"], atol=2e-4)


def test_a_folder_is_a_model_and_anything_else_a_file(shell: Shell, trained: Path, other: Path, tmp_path: Path) -> None:
    (tmp_path / "words").write_bytes(LINES)
    said = shell("predict", trained, other, "--verbose", tmp_path / "words", "-", stdin=b"bade\n")
    assert said.code == 0 and said.err.count("PyTorch on") == 2
    answers = said.out.splitlines()
    assert len(answers) == 4 and answers[0] == answers[3]
    assert answers[:3] == [prediction.text for prediction in unspool.load([trained, other]).predict(WORDS)]


def test_a_score_is_of_the_mean_probability(trained: Path, other: Path) -> None:
    one, two, both = (unspool.load(folders) for folders in (trained, other, [trained, other]))
    (answer,) = both.predict(["bade"], max_length=1)[0].hypotheses
    alone = {}
    for model in (one, two):
        firsts = model.predict(["bade"], max_length=1, beam=20, n_best=20)[0].hypotheses
        alone[model] = {tuple(first.tokens): first.score for first in firsts}
    expected = np.log(np.mean([np.exp(scores[tuple(answer.tokens)]) for scores in alone.values()]))
    assert answer.score == pytest.approx(expected, abs=1e-4)


def test_evaluate_measures_them_together(shell: Shell, trained: Path, other: Path, pairs: Path) -> None:
    files = [pairs.parent / name for name in ("alone.json", "twice.json", "both.json")]
    for folders, file in zip(([trained], [trained, trained], [trained, other]), files, strict=True):
        assert shell("evaluate", "--ensemble", *folders, pairs, "--json", file).code == 0
    alone, twice, both = (json.loads(file.read_text())["symbol_error_rate"] for file in files)
    assert alone == twice != both


def test_unlike_vocabularies_are_a_mistake_that_says_which_and_how(shell: Shell, trained: Path, tmp_path: Path) -> None:
    strange = tmp_path / "strange"
    (tmp_path / "more.tsv").write_text("".join(f"ba{n}\tab{n}\n" for n in range(40)))
    assert shell("train", tmp_path / "more.tsv", "--out", strange, *TINY).code == 0
    refused(shell("predict", trained, strange, stdin=LINES), str(trained), str(strange), "source", "symbols of chars",
            "'0', '1', '2'")  # fmt: skip


def test_a_folder_that_is_no_model_is_named(shell: Shell, trained: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    refused(shell("predict", trained, tmp_path / "empty", stdin=LINES), str(tmp_path / "empty"), "run.json")
    refused(shell("predict", tmp_path / "words", trained, stdin=LINES), str(tmp_path / "words"), "no model")
    with pytest.raises(Mistake, match="No model was given"):
        unspool.load([])


def test_what_writes_something_else_cannot_join(trained: Path, tmp_path: Path) -> None:
    settings = {"training.max_updates": 1, "training.precision": "fp32"}
    pairs = tmp_path / "labels.tsv"
    pairs.write_text("".join(f"ba{'bc'[n % 2]}{n}\t{'bc'[n % 2]}\n" for n in range(40)))
    unspool.train(pairs, out=tmp_path / "labels", model="classifier", settings=settings)
    with pytest.raises(Mistake, match=r"holds a luong and .* a classifier"):
        unspool.load([trained, tmp_path / "labels"])
