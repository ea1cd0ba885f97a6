"""Standard streams that are closed, full, or a terminal of another encoding."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

KOREAN = Path(__file__).parents[1] / "folders" / "0.1.0" / "korean" / "exported"


def shell(line: str, stdin: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    """A line of a real shell; UNSPOOL is the command, MODEL a Korean model."""
    line = line.replace("UNSPOOL", f"{sys.executable} -m unspool").replace("MODEL", str(KOREAN))
    return subprocess.run(
        ["sh", "-c", line], input=stdin, capture_output=True, timeout=60, env=os.environ | environment
    )


def test_answers_are_utf_8_whatever_the_terminal_speaks() -> None:
    lines = "seoul\nbusan\n\u20ac\U0001f600\n".encode()
    known = shell("UNSPOOL predict MODEL --json", lines)
    other = shell("UNSPOOL predict MODEL --json", lines, PYTHONIOENCODING="cp949", PYTHONUTF8="0")
    assert known.returncode == other.returncode == 0
    assert known.stdout == other.stdout and "\U0001f600" in other.stdout.decode()
    assert "\u2026" in other.stderr.decode()  # notes are, too


def test_notes_never_reach_the_answers() -> None:
    said = shell("UNSPOOL predict MODEL 2>&-", "seoul\n\u20ac\n".encode())
    assert said.returncode == 0 and said.stdout.count(b"\n") == 2 and b"training never saw" not in said.stdout


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("UNSPOOL predict MODEL <&-", "Standard input cannot be read"),
        ("echo seoul | UNSPOOL predict MODEL >&-", "Standard output cannot be written: Bad file descriptor"),
        ("echo seoul | UNSPOOL predict MODEL >/dev/full", "Standard output cannot be written: No space left"),
        ("UNSPOOL --help >/dev/full", "Standard output cannot be written: No space left"),
        ("UNSPOOL --version >&-", "Standard output cannot be written"),
    ],
)
def test_a_closed_or_full_stream_is_one_clear_line(line: str, what: str) -> None:
    said = shell(line)
    lines = said.stderr.decode().splitlines()
    assert said.returncode == 2 and len(lines) == 2 and what in lines[0], said
