"""Text of a person's files never steers a terminal, a page or a picture."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import numpy as np
import pytest

from keyboard import Shell
from unspool.answers.answer import Answer, Prediction
from unspool.explain.attention import heat_map
from unspool.explain.attention_page import write_attention_page
from unspool.screens.console import print_error, say, write
from unspool.screens.figures import confusion
from unspool.visible import as_html, visible

RED, TURNED, OSC, BYTE = "\x1b[31mred", "abc\u202ecba", "\x9d0;title\x07", "caf\udce9"


@pytest.mark.parametrize("text", ["plain", "안녕 하세요", "שלום", "e\u0301", "👩\u200d👩", "a\u00a0b"])
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert visible(text) == text


@pytest.mark.parametrize("text", [RED, TURNED, OSC, BYTE, "a\u2028b", "\u2066a"])
def test_what_would_steer_is_shown_as_an_escape_of_json(text: str) -> None:
    shown = visible(text)
    assert shown.isprintable() and json.loads(f'"{shown}"') == text


def test_a_tab_and_the_end_of_a_line_stay_only_where_there_are_lines() -> None:
    assert (visible("a\tb\n", lines=True), visible("a\tb\n")) == ("a\tb\n", "a\\u0009b\\u000a")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_messages_and_results_on_a_terminal_are_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", said := Terminal())
    monkeypatch.setattr(sys, "stdout", told := Terminal())
    say(f"in {RED}")
    print_error(f"no {OSC}", f"try {TURNED}")
    write(RED)
    assert "\x1b[31mred" not in said.getvalue() + told.getvalue()
    assert "\\u001b[31mred" in said.getvalue() and not {"\x9d", "\x07", "\u202e"} & set(said.getvalue())


def test_results_in_a_pipe_are_bytes_of_the_answer(capsys: pytest.CaptureFixture[str]) -> None:
    write(RED)
    assert capsys.readouterr().out == RED + "\n"


def test_a_summary_of_a_table_is_text_also_in_a_pipe(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "table.jsonl"
    pairs = [{RED: f"a{TURNED}{number}", "target": OSC} for number in range(40)]
    path.write_text("".join(json.dumps(pair) + "\n" for pair in pairs))
    said = shell("describe", path, "--columns", f"source={RED},target=target")
    assert said.code == 0, said
    assert not {"\x1b", "\x9d", "\x07", "\u202e"} & set(said.out + said.err) and "\\u001b[31mred" in said.out


def test_labels_of_a_confusion_matrix_are_text() -> None:
    lines = confusion([RED, "b"], [[1, 2], [3, 4]])
    assert "\x1b" not in "".join(lines) and "\\u001b" in lines[2]


def test_a_page_shows_markup_and_marks_of_direction_as_text(tmp_path: Path) -> None:
    assert as_html("<script>\u202e&") == "&lt;script&gt;\\u202e&amp;"
    source = f"<script>{TURNED}"
    prediction = Prediction(source, ["<script>", TURNED], [Answer(TURNED, -0.1, [TURNED], np.ones((2, 2)) / 2)])
    write_attention_page([prediction], tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "<script>" not in page and "\u202e" not in page and "\\u202e" in page


def test_a_picture_takes_nothing_for_a_formula(tmp_path: Path) -> None:
    symbols = [r"$\frac$", "$", RED]
    answer = Answer(r"$\frac$", -0.1, [r"$\frac$", "$"], np.ones((3, 3)) / 3)
    heat_map(Prediction("".join(symbols), symbols, [answer]), tmp_path / "picture.png")
    assert (tmp_path / "picture.png").read_bytes().startswith(b"\x89PNG")
