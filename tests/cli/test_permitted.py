"""`predict --allow` and `--pattern`: only the answers that a person permits."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

import unspool
from keyboard import Said, Shell
from unspool.errors import Mistake

WORDS = ["bade", "", "komi", "mita"]
LINES = "".join(f"{word}\n" for word in WORDS).encode()
ALLOWED = ["edab", "imok", "atim", "dede"]


def refused(said: Said, *words: str) -> None:
    assert said.code == 2 and len(said.lines) == 2 and all(word in said.err for word in words), said


@pytest.mark.parametrize("search", [[], ["--beam", 3, "--n-best", 3], ["--sample", "--n-best", 2, "--top-k", 2]])
def test_every_answer_is_permitted_and_scores_are_the_models_own(
    shell: Shell, trained: Path, exported: Path, tmp_path: Path, search: list[Any]
) -> None:
    (tmp_path / "allow.txt").write_text("\n".join(ALLOWED))
    for folders in ([trained], [exported], [trained, exported]):
        model = unspool.load(folders)
        for permit in (["--allow", tmp_path / "allow.txt"], ["--pattern", "[a-e]{2,3}"]):
            said = shell("predict", *folders, *permit, "--json", *search, stdin=LINES)
            assert said.code == 0, said
            made = [json.loads(line)["hypotheses"] for line in said.out.splitlines()]
            assert [bool(answers) for answers in made] == [True, False, True, True]
            for word, answers in zip(WORDS, made, strict=True):
                texts = [answer["text"] for answer in answers]
                assert all(
                    text in ALLOWED if "--allow" in permit else re.fullmatch("[a-e]{2,3}", text) for text in texts
                )
                scores = model.score([(word, text) for text in texts])
                assert [answer["score"] for answer in answers] == pytest.approx([s.log_prob for s in scores], abs=1e-5)


def test_python_takes_lists_and_patterns(trained: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model = unspool.load(trained)
    assert {answer.text for answer in model.predict(WORDS[2:], allow=["edab", "d\u00e9"])} == {"edab"}
    assert "'\u00e9'" in capsys.readouterr().err
    ready = model.permitted(["edab", "imok"], "i.*")
    assert [answer.text for answer in model.predict(WORDS[2:], allow=ready, beam=2)] == ["imok", "imok"]
    with pytest.raises(Mistake, match="a pattern cannot be added"):
        model.predict(WORDS, allow=ready, pattern="a")
    assert model.predict(["komi"], pattern="[a-z]*", prefix="mo")[0].text.startswith("mo")
    model.predict(["komi"], allow=["a", "a" * 40], max_length=20)
    assert "1 permitted answer has more than 20 symbols and cannot be given: max_length" in capsys.readouterr().err


def test_what_permits_nothing_is_said(shell: Shell, trained: Path, tmp_path: Path) -> None:
    allow = tmp_path / "allow.txt"
    allow.write_text("d\u00e9\n")
    refused(shell("predict", trained, "--allow", allow), "'\u00e9'", "line 1", "training data")
    allow.write_bytes(b"a\n\xff\n")
    refused(shell("predict", trained, "--allow", allow), "allow.txt")
    refused(shell("predict", trained, "--allow", tmp_path / "none.txt"), "none.txt")
    refused(shell("predict", trained, "--pattern", "[0-9]+"), "matches the pattern '[0-9]+'")
    refused(shell("predict", trained, "--pattern", "a["), "broken at character 2")
    refused(shell("predict", trained, "--pattern", "a{9}", "--max-length", 6), "10 symbols", "--max-length")
    refused(shell("predict", trained, "--pattern", "a+", "--prefix", "b", stdin=LINES), "begins with the prefix")
