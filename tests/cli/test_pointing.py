"""Attention put to use: a coverage penalty, coverage and copying, as a person asks for them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from keyboard import TINY, Shell

COPYING = ["--set", "model.copying=true", "--set", "model.coverage=true"]


def scores(shell: Shell, model: Path, *flags: str) -> list[float]:
    said = shell("predict", model, "--beam", 4, "--n-best", 4, "--json", *flags, stdin=b"badebade\n")
    assert said.code == 0, said
    return [answer["score"] for answer in json.loads(said.out)["hypotheses"]]


def test_a_coverage_penalty_ranks_answers_anew_in_both_engines(shell: Shell, trained: Path, exported: Path) -> None:
    plain, covering = scores(shell, trained), scores(shell, trained, "--coverage-penalty", "5")
    assert plain != covering
    assert scores(shell, exported, "--coverage-penalty", "5") == pytest.approx(covering, abs=1e-4)


def test_evaluate_takes_a_coverage_penalty(shell: Shell, trained: Path, pairs: Path) -> None:
    assert shell("evaluate", trained, pairs, "--beam", 2, "--coverage-penalty", "0.2").code == 0


def test_a_coverage_penalty_of_a_model_without_attention_is_refused(shell: Shell, pairs: Path) -> None:
    out = pairs.parent / "deaf"
    assert shell("train", pairs, "--model", "sutskever", "--out", out, *TINY).code == 0
    said = shell("predict", out, "--beam", 2, "--coverage-penalty", "0.2", stdin=b"bade\n")
    assert said.code == 2 and "attention" in said.err and "--coverage-penalty" in said.err


def test_a_model_that_copies_trains_goes_on_and_answers_with_words_of_the_line(shell: Shell, tmp_path: Path) -> None:
    names = [f"n{number}x{number}" for number in range(120)]
    (tmp_path / "names.tsv").write_text("".join(f"i am {name}\thello {name}\n" for name in names))
    out, words = tmp_path / "out", ["--columns", "source=1:words,target=2:words", "--set", "data.min_count=2"]
    assert shell("train", tmp_path / "names.tsv", *words, "--out", out, *TINY, *COPYING).code == 0
    assert shell("train", "--resume", "--out", out, "--set", "training.max_updates=70").code == 0
    assert shell("predict", out, stdin=b"i am Unspool\n").out == "hello Unspool\n"


def test_what_has_nothing_in_common_cannot_be_copied(shell: Shell, pairs: Path) -> None:
    out = pairs.parent / "out"
    said = shell("train", pairs, "--columns", "source=1:chars,target=2:words", "--out", out, *TINY, *COPYING)
    assert said.code == 2 and "chars" in said.err and "model.copying" in said.err
    assert not out.exists()
