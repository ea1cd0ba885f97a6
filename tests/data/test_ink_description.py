from __future__ import annotations

from pathlib import Path

import numpy as np

from keyboard import Shell
from unspool.data.ink_description import describe_ink
from unspool.ink.drawing import Drawing
from unspool.ink.hershey import written_lines
from unspool.ink.output import write_lines

LINES = list(written_lines(["hello world", "old", "zebra"], 1))


def test_what_is_to_know_about_ink() -> None:
    found = describe_ink([*LINES, Drawing(np.zeros((0, 3)))])
    assert (found.drawings, found.empty, found.texts) == (4, 1, 3)
    assert next(iter(found.letters)) == "l" and found.letters["l"] == 4
    assert 0.6 < found.height < 1.4 and sum(found.styles.values()) == 3
    told = list(found.warnings())
    assert told[0].endswith("left out: 1.") and "without a text" in told[1] and "fewer than 5 times" in told[2]


def test_the_command_describes_a_file_of_ink(shell: Shell, tmp_path: Path) -> None:
    write_lines(tmp_path / "hand.json", LINES)
    said = shell("describe", tmp_path / "hand.json")
    assert said.code == 0 and "--model synthesis" in said.out, said.err
    assert "with a text" in said.out and "points a character" in said.out
