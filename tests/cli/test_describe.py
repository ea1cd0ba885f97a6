"""What `unspool describe` says of a table."""

from __future__ import annotations

from pathlib import Path

from keyboard import Shell


def test_what_there_is_one_of_is_said_in_the_singular(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text("a\tbc\n")
    said = shell("describe", tmp_path / "a.tsv").out
    assert " 1 character; scripts" in said and " 2 characters; scripts" in said
