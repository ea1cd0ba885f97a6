"""`unspool explain --what influence` and `--what memory`: what answers depend on, for any model."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from keyboard import Shell


@pytest.mark.parametrize("by", ["occlusion", "gradient", "gradient_input", "integrated"])
def test_each_symbol_has_a_weight_for_each_before_it(by: str, shell: Shell, trained: Path, tmp_path: Path) -> None:
    out = tmp_path / "weights.json"
    said = shell("explain", trained, "bade", "--what", "influence", "--by", by, "--out", out)
    (found,) = json.loads(out.read_text())
    assert said.code == 0 and said.out.strip() == found["text"] and found["method"] == by
    assert [len(row) for row in found["read"]] == [len(found["source_tokens"])] * len(found["tokens"])
    assert [len(row) for row in found["written"]] == [len(found["tokens"])] * len(found["tokens"])


@pytest.mark.parametrize("what", ["influence", "memory"])
@pytest.mark.parametrize("ending", ["html", "png"])
def test_pages_and_pictures(what: str, ending: str, shell: Shell, trained: Path, tmp_path: Path) -> None:
    out = tmp_path / f"out.{ending}"
    said = shell("explain", trained, "<b>ad", "--what", what, "--out", out)
    assert said.code == 0 and b"<b>ad" not in out.read_bytes()


def test_why_one_answer_and_not_another(shell: Shell, trained: Path, tmp_path: Path) -> None:
    out, asked = tmp_path / "why.json", ("explain", trained, "bade", "--what", "influence")
    said = shell(*asked, "--answer", "ab", "--instead", "ad", "--out", out)
    (found,) = json.loads(out.read_text())
    assert said.code == 0 and found["instead"] and len(found["read"]) == 1
    same = shell(*asked, "--answer", "ab", "--instead", "ab", "--out", out)
    assert same.code == 2 and "same" in same.err


def test_models_beside_each_other_have_a_curve_each(shell: Shell, trained: Path, tmp_path: Path) -> None:
    out, other = tmp_path / "memory.json", tmp_path / "other"
    other.symlink_to(trained)
    said = shell("explain", trained, "bade", "cafe", "--what", "memory", "--beside", other, "--out", out)
    curves = json.loads(out.read_text())
    assert said.code == 0 and [*curves] == [trained.name, "other"]
    one, two = curves.values()
    assert one == two and [distance for distance, _ in one] == sorted(distance for distance, _ in one)


@pytest.mark.parametrize(
    ("options", "line"),
    [
        (("--instead", "a"), "--what influence"),
        (("--by", "gradient"), "--what influence"),
        (("--beside", "run"), "--what memory"),
        (("--what", "colours"), "colours"),
    ],
)
def test_options_of_another_explanation(
    options: tuple[str, ...], line: str, shell: Shell, trained: Path, tmp_path: Path
) -> None:
    said = shell("explain", trained, "bade", *options, "--out", tmp_path / "out.html")
    assert said.code == 2 and line in said.err and not (tmp_path / "out.html").exists()


def test_an_empty_input_depends_on_nothing(shell: Shell, trained: Path, tmp_path: Path) -> None:
    said = shell("explain", trained, "", "--what", "influence", "--out", tmp_path / "out.html")
    assert said.code == 2 and "the input is empty" in said.err
