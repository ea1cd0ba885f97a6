"""`predict --prefix`: answers that begin with a given text."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import unspool
from keyboard import Said, Shell
from unspool.errors import Mistake

WORDS = ["bade", "", "komi", "mita"]
LINES = "".join(f"{word}\n" for word in WORDS).encode()


def refused(said: Said, *words: str) -> None:
    assert said.code == 2 and len(said.lines) == 2 and all(word in said.err for word in words), said


@pytest.mark.parametrize("search", [[], ["--beam", 3, "--n-best", 3], ["--sample", "--n-best", 2]])
def test_every_answer_begins_with_it_and_an_empty_line_stays_empty(
    shell: Shell, trained: Path, exported: Path, search: list[Any]
) -> None:
    for folders in ([trained], [exported], [trained, exported]):
        said = shell("predict", *folders, "--prefix", "de", "--json", *search, stdin=LINES)
        assert said.code == 0, said
        made = [json.loads(line)["hypotheses"] for line in said.out.splitlines()]
        assert [bool(answers) for answers in made] == [True, False, True, True]
        model = unspool.load(folders)
        for word, answers in zip(WORDS, made, strict=True):
            assert all(answer["tokens"][:2] == ["d", "e"] and answer["text"].startswith("de") for answer in answers)
            scores = model.score([(word, answer["text"]) for answer in answers])
            assert [answer["score"] for answer in answers] == pytest.approx([s.log_prob for s in scores], abs=1e-5)


def test_each_line_may_have_its_own(trained: Path) -> None:
    model = unspool.load(trained)
    free = model.predict(WORDS)
    led = model.predict(WORDS, prefix=[answer.text[:2] for answer in free])
    assert [one.text for one in led] == [one.text for one in free]
    assert model.predict(WORDS, prefix=["", "", "me", ""])[2].text.startswith("me")
    assert [one.text for one in model.predict(WORDS, prefix=["", "", "me", ""])][:2] == [one.text for one in free][:2]
    with pytest.raises(Mistake, match="1 prefix for 4 lines"):
        model.predict(WORDS, prefix=["a"])


def test_what_cannot_be_a_beginning_is_said_before_a_line_is_read(shell: Shell, trained: Path, tmp_path: Path) -> None:
    refused(shell("predict", trained, "--prefix", "d\u00e9"), "'\u00e9'", "training data")
    refused(shell("predict", trained, "--prefix", "dedede", "--max-length", 6), "6 symbols", "--max-length")
    (tmp_path / "labels.tsv").write_text("".join(f"{'ab'[n % 2]}{n}\t{'xy'[n % 2]}\n" for n in range(40)))
    settings = {"training.max_updates": 1, "training.precision": "fp32"}
    unspool.train(tmp_path / "labels.tsv", out=tmp_path / "labels", model="classifier", settings=settings)
    refused(shell("predict", tmp_path / "labels", "--prefix", "x"), "answers cannot begin", "prefix")
