"""Without the extra 'train' there is no PyTorch: what does not need it works, and the rest says what to install."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from keyboard import without_extra


@pytest.mark.parametrize("words", [["--help"], ["train", "--help"], ["models"], ["recipes"], ["describe", "pairs.tsv"]])
def test_commands_that_need_no_network_run(words: list[str], pairs: Path) -> None:
    done = without_extra(*[pairs if word == "pairs.tsv" else word for word in words])
    assert done.returncode == 0 and done.stdout, done.stderr


def test_a_model_is_described_as_far_as_that_goes() -> None:
    done = without_extra("describe", "luong")
    assert done.returncode == 0 and "Effective Approaches" in done.stdout and "디코더" in done.stdout, done.stderr
    assert "12,664,638 parameters" in done.stdout and "pip install 'unspool[train]'" in done.stdout


def test_a_trained_folder_is_described(trained: Path) -> None:
    assert "luong" in without_extra("describe", trained).stdout


def test_an_exported_folder_answers_as_the_trained_one_does(trained: Path, exported: Path, pairs: Path) -> None:
    import unspool

    for search in (["--beam", 3], ["--sample", "--seed", 4, "--n-best", 2]):
        done = without_extra("predict", exported, pairs, "--verbose", *search)
        assert done.returncode == 0, done.stderr
        assert "ONNX Runtime on the CPU: an exported folder." in done.stderr
        options: dict[str, Any] = {"beam": 3} if "--beam" in search else {"sample": True, "seed": 4, "n_best": 2}
        sources = [line.split("\t")[0] for line in pairs.read_text().splitlines()]
        expected = unspool.load(trained, "cpu").predict(sources, **options)
        answers = (["\t".join(answer.text for answer in one.hypotheses) for one in expected] if "--sample" in search
                   else [one.text for one in expected])  # fmt: skip
        assert done.stdout.splitlines() == answers


def test_an_exported_folder_is_evaluated_with_every_metric(exported: Path, pairs: Path) -> None:
    done = without_extra("evaluate", exported, pairs, "--metric", "symbol_error_rate", "--metric", "exact_match",
                         "--metric", "bleu", "--metric", "chrf", "--metric", "ter")  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert all(name in done.stdout for name in ("symbol error rate", "exact match", "bleu", "chrf", "ter"))


def test_an_exported_folder_is_described(exported: Path) -> None:
    said = without_extra("describe", exported).stdout
    assert "luong" in said and "in the graphs of an export" in said


def test_a_trained_folder_with_its_own_export_answers(trained: Path, exported: Path, pairs: Path) -> None:
    shutil.copytree(exported, trained / "onnx")
    done = without_extra("predict", trained, pairs, "--verbose")
    assert done.returncode == 0 and "is current" in done.stderr, done.stderr
    assert len(done.stdout.splitlines()) == 200


@pytest.mark.parametrize("command", ["train", "predict", "evaluate", "run"])
def test_other_commands_say_the_line_that_installs_what_is_missing(command: str, trained: Path, pairs: Path) -> None:
    words = {
        "train": [pairs, "--out", pairs.parent / "out"], "predict": [trained, pairs], "evaluate": [trained, pairs],
        "run": ["g2p", "--out", pairs.parent / "out"],
    }  # fmt: skip
    done = without_extra(command, *words[command])
    assert done.returncode == 2 and "pip install 'unspool[train]'" in done.stderr, done.stderr
    assert "Traceback" not in done.stderr


def test_exported_folders_answer_and_score_together(exported: Path, pairs: Path) -> None:
    for words in (["predict", "--prefix", "de", "--replace-unknown", "source"], ["score"]):
        alone, twice = (without_extra(*words, *folders, pairs) for folders in ([exported], [exported, exported]))
        assert alone.returncode == 0, alone.stderr
        assert alone.stdout == twice.stdout and len(alone.stdout.splitlines()) == 200
