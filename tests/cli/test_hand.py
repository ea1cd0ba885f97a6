from __future__ import annotations

from pathlib import Path

from keyboard import Shell


def test_a_page_with_own_lines_is_written(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "lines.txt").write_text("first line\n\nsecond line\n")
    said = shell("hand", tmp_path / "hand.html", "--lines", tmp_path / "lines.txt")
    assert said.code == 0 and said.out.strip() == str(tmp_path / "hand.html")
    assert '["first line", "second line"]' in (tmp_path / "hand.html").read_text(encoding="utf-8")


def test_a_page_that_is_no_html_is_refused(shell: Shell, tmp_path: Path) -> None:
    said = shell("hand", tmp_path / "hand.json")
    assert said.code == 2 and "does not end in .html" in said.err
    assert not (tmp_path / "hand.json").exists()
