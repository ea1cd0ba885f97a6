"""`unspool chat`: line by line through a pipe, with commands, for programs, and on a terminal."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from documented import lay_out
from keyboard import Shell
from unspool import folder as disk


def test_each_line_gets_a_line_and_commands_get_none(shell: Shell, trained: Path) -> None:
    said = shell("chat", trained, stdin=b"bade\n\nkomi\n/undo\n/undo\n/undo\n/reset\n/so\nmita\n/quit\nbade\n")
    assert said.code == 0 and said.out.count("\n") == 3
    assert "Forgotten: komi" in said.err and "no turn to forget" in said.err and "begins anew" in said.err
    assert "There is no command /so. There are: /undo, /reset, /quit" in said.err
    assert said.out == shell("predict", trained, stdin=b"bade\nkomi\nmita\n").out


def test_programs_get_an_object_for_each_turn(shell: Shell, trained: Path) -> None:
    said = shell("chat", trained, "--json", "--beam", 3, "--rerank", trained, stdin=b"bade\nkomi\n")
    first, second = map(json.loads, said.out.splitlines())
    assert (first["turn"], second["turn"]) == (1, 2) and first["said"] == "bade" and not first["unsure"]
    assert first["reply"] == first["replies"][0]["text"] and isinstance(first["replies"][0]["score"], float)


def test_the_model_beside_it_orders_its_replies_once_it_has_weights(shell: Shell, trained: Path) -> None:
    beside = trained / disk.REVERSE
    plain = shell("chat", trained, "--json", "--beam", 3, stdin=b"bade\n")
    shutil.copytree(trained, beside)
    asked = shell("chat", trained, "--json", "--beam", 3, stdin=b"bade\n")
    assert (
        asked.out == shell("chat", trained, "--json", "--beam", 3, "--rerank", beside, stdin=b"bade\n").out != plain.out
    )
    (beside / disk.WEIGHTS).unlink()
    stopped = shell("chat", trained, "--json", "--beam", 3, stdin=b"bade\n")
    assert stopped.code == 0 and stopped.out == plain.out, stopped.err


def test_it_says_so_where_it_has_nothing_to_say(shell: Shell, trained: Path, tmp_path: Path) -> None:
    lay_out(tmp_path)
    said = shell("chat", trained, "--unsure", "?", stdin=b"bade\n")
    assert said.code == 2 and "--calibrate FILE" in said.lines[1]
    said = shell("chat", trained, "--rerank-weight", 0.3, stdin=b"bade\n")
    assert said.code == 2 and "--rerank-weight is for --rerank" in said.lines[0]
    said = shell("chat", trained, "--calibrate", tmp_path / "pairs.tsv")
    assert said.code == 0 and "learned from" in said.err and (trained / disk.CALIBRATION).exists()
    said = shell("chat", trained, "--unsure", "?", "--at-least", 1.0, "--json", stdin=b"bade\n")
    told = json.loads(said.out)
    assert told["reply"] == "?" and told["unsure"] and 0 < told["confidence"] < 1 and told["replies"][0]["text"] != "?"


def test_on_a_terminal_ctrl_c_gives_up_a_line_and_ctrl_d_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    from unspool.chat import terminal

    typed = iter(["hi", KeyboardInterrupt, "안녕", EOFError, "never"])

    def ask(prompt: str) -> str:
        line = next(typed)
        if isinstance(line, str):
            return line
        raise line

    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setattr(terminal, "_asker", lambda: ask)
    assert list(terminal.lines()) == ["hi", "안녕"]


def test_korean_is_typed_and_edited_in_the_editor() -> None:
    pytest.importorskip("prompt_toolkit")
    from prompt_toolkit.application import create_app_session
    from prompt_toolkit.input import create_pipe_input
    from prompt_toolkit.output import DummyOutput

    from unspool.chat import terminal

    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
        ask = terminal._asker()
        keys.send_text("안녕하세\x7f\x7f\r")
        assert ask(terminal.PROMPT) == "안녕"
        keys.send_text("\x1b[A\r")
        assert ask(terminal.PROMPT) == "안녕", "the line before comes back with the arrow up"
