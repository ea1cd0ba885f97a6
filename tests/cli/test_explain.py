"""`unspool explain`: text that looks like markup, a formula or a terminal's command is text."""

from __future__ import annotations

from pathlib import Path

import pytest

from keyboard import Shell

ENDINGS = ("html", "png", "json")


@pytest.mark.parametrize("ending", ENDINGS)
def test_an_empty_input_has_nothing_to_explain(ending: str, shell: Shell, trained: Path, tmp_path: Path) -> None:
    out = tmp_path / f"out.{ending}"
    said = shell("explain", trained, "", "--out", out)
    assert said.code == 2 and "the input is empty" in said.err and not out.exists()


@pytest.mark.parametrize("text", [r"$\frac$", "<script>alert(1)</script>", "\x1b[31mred", "a\u202eb"])
@pytest.mark.parametrize("ending", ENDINGS)
def test_any_text_is_explained_as_text(ending: str, text: str, shell: Shell, trained: Path, tmp_path: Path) -> None:
    out = tmp_path / f"out.{ending}"
    said = shell("explain", trained, text, "--out", out)
    assert said.code == 0 and "\x1b" not in said.err, said
    assert ending != "html" or not {"<script>", "\x1b", "\u202e"} & {*out.read_text(encoding="utf-8")}
    assert "<script>" not in out.read_text(encoding="utf-8", errors="replace") or ending == "json"
