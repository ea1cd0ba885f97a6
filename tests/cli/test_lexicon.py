"""`lexicon.tsv` on the command line: predict, evaluate, explain and export."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from keyboard import Shell, without_extra
from unspool.export.onnx import Exported


def test_predict_says_what_came_from_the_lexicon(shell: Shell, trained: Path, exported: Path) -> None:
    for folder in (trained, exported):
        plain = shell("predict", folder, "--beam", 2, stdin=b"bade\nkomi\n").out.splitlines()
        (folder / "lexicon.tsv").write_text("# mine\nbade\tzzz\nbade\tedab\n")
        said = shell("predict", folder, "--json", "--beam", 2, "--n-best", 2, stdin=b"bade\nkomi\n")
        known, other = (json.loads(line)["hypotheses"] for line in said.out.splitlines())
        assert [(one["text"], one["from"]) for one in known] == [("zzz", "lexicon"), ("edab", "lexicon")]
        assert other[0]["text"] == plain[1] and "from" not in other[0]
        assert "1 answer is from the lexicon." in said.err
        assert shell("predict", folder, "--no-lexicon", "--beam", 2, stdin=b"bade\nkomi\n").out.splitlines() == plain


def test_the_runtime_alone_honours_it(exported: Path, tmp_path: Path) -> None:
    (exported / "lexicon.tsv").write_text("bade\tzzz\n")
    (tmp_path / "words.txt").write_text("bade\n")
    said = without_extra("predict", exported, tmp_path / "words.txt")
    assert (said.returncode, said.stdout) == (0, "zzz\n"), said


def test_evaluate_counts_and_leaves_out(shell: Shell, trained: Path, tmp_path: Path) -> None:
    (tmp_path / "one.tsv").write_text("bade\tedab\n")
    (trained / "lexicon.tsv").write_text("bade\tedab\n")
    said = shell("evaluate", trained, tmp_path / "one.tsv", "--json", tmp_path / "figures.json")
    figures = json.loads((tmp_path / "figures.json").read_text())
    assert figures["from_lexicon"] == 1 and figures["exact_match"] == 100 and "from the lexicon" in said.out
    alone = shell("evaluate", trained, tmp_path / "one.tsv", "--no-lexicon")
    assert "from the lexicon" not in alone.out + alone.err


def test_a_broken_line_ends_every_command_with_its_place(shell: Shell, trained: Path) -> None:
    (trained / "lexicon.tsv").write_text("bade edab\n")
    said = shell("predict", trained, stdin=b"bade\n")
    assert said.code == 2 and len(said.lines) == 2 and "lexicon.tsv, line 1" in said.lines[0]


def test_explain_asks_the_model(shell: Shell, trained: Path, tmp_path: Path) -> None:
    (trained / "lexicon.tsv").write_text("bade\tzzz\n")
    said = shell("explain", trained, "bade", "--out", tmp_path / "page.html")
    assert said.code == 0 and said.out != "zzz\n"


def test_export_says_which_lexicon_stayed(
    shell: Shell, trained: Path, exported: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = exported / "lexicon.tsv"
    made = Exported(exported, {"encoder.onnx": 1}, {"log_prob": 0.0}, kept)
    monkeypatch.setattr("unspool.export.onnx.export", lambda *given, **options: made)
    said = shell("export", trained, "--to", "onnx", "--out", exported, "--overwrite")
    assert f"{kept} was changed there, so it stays as it is." in said.err


def test_an_export_says_that_a_second_model_stays_behind_and_how_it_comes_along(
    shell: Shell, trained: Path, tmp_path: Path
) -> None:
    shutil.copytree(trained, trained / "reverse")
    out = tmp_path / "shipped"
    said = shell("export", trained, "--to", "onnx", "--out", out)
    assert said.code == 0 and f"unspool export {trained / 'reverse'} --out {out / 'reverse'}" in said.err, said.err
    assert "reverse" not in shell("export", trained, "--to", "onnx").err, "an export inside the folder stands beside it"
