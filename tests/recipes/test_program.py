"""A command that is printed can be typed again."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from unspool.recipes.program import program


@pytest.mark.parametrize(
    ("started", "typed"),
    [("bin/unspool", "unspool"), ("elsewhere/unspool", "elsewhere/unspool"), ("src/unspool/__main__.py", None)],
)
def test_a_program_is_named_as_a_shell_finds_it(
    started: str, typed: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in ("bin", "elsewhere"):
        script = tmp_path / place / "unspool"
        script.parent.mkdir()
        script.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", [started])
    assert program() == (typed or f"{Path(sys.executable).name} -m unspool")
