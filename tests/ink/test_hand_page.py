from __future__ import annotations

import json
import re
import unicodedata

import pytest

from drawn import file_of
from unspool.errors import Mistake
from unspool.ink import hand_page, json_points

PAGE = hand_page.page(["one", "두 줄"]).decode()


def test_lines_of_english_have_every_letter_and_those_of_korean_every_jamo() -> None:
    english, korean = " ".join(hand_page.known_lines("en")), " ".join(hand_page.known_lines("ko"))
    letters = "abcdefghijklmnopqrstuvwxyz"
    assert {*letters, *letters.upper(), *"0123456789.,!?;:'-"} <= {*english}
    jamo = {*unicodedata.normalize("NFD", korean)}
    assert {*map(chr, range(0x1100, 0x1113))} <= jamo  # leading consonants
    assert {*map(chr, range(0x1161, 0x1176))} <= jamo  # vowels
    assert max(map(len, hand_page.known_lines("en") + hand_page.known_lines("ko"))) <= 30


def test_the_page_needs_no_network() -> None:
    assert "http" not in PAGE.replace('http-equiv="Content-Security-Policy"', "")
    assert "default-src 'none'" in PAGE and "<link" not in PAGE.replace('<link rel="icon" href="data:,">', "")


def test_the_page_holds_the_lines_as_they_are_and_nothing_else_of_them() -> None:
    held = hand_page.page(['</script><script>alert("x")', "  a   b "]).decode()
    data = re.search(r'id="lines">(.*?)</script>', held)
    assert data and json.loads(data[1]) == ['</script><script>alert("x")', "a b"]
    assert held.count("<script") == PAGE.count("<script")


def test_every_word_of_the_page_is_there_in_both_languages() -> None:
    words = re.search(r"const WORDS = \{(.*?)\n\}", PAGE, re.DOTALL)
    assert words
    english, korean = (set(re.findall(r"(\w+): \"", part)) for part in words[1].split("\n  ko: "))
    assert english - {"en"} == korean
    assert set(re.findall(r'data-say="(\w+)"', PAGE)) <= korean


def test_what_the_page_saves_is_read() -> None:
    saved = {"x_height": 28, "lines": [{"text": "one", "strokes": [[{"x": 1.5, "y": 2, "t": 0}]]}]}
    (line,), evenness = json_points.read(file_of(json.dumps(saved)), "hand.json")
    assert (line.text, evenness.x_height) == ("one", 28)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [([], "There are no lines"), ([" "], "There are no lines"), (["x" * 201], "has 201 char")],
)
def test_lines_that_nobody_copies(lines: list[str], expected: str) -> None:
    with pytest.raises(Mistake, match=expected):
        hand_page.page(lines)


def test_a_language_without_lines_is_named() -> None:
    with pytest.raises(Mistake, match="There are no lines in 'eo'"):
        hand_page.known_lines("eo")


def test_the_next_command_is_that_of_the_script() -> None:
    latin, hangul = hand_page.page(["one"]).decode(), hand_page.page(["one", "두 줄"]).decode()
    assert (
        'const command = "unspool train hand.json --model synthesis --out runs/mine --from runs/handwriting"' in latin
    )
    assert "--set data.source_tokenizer=jamo" in hangul and "--from" not in hangul
    assert 'const command = "unspool' in hand_page.page(["COMMAND"]).decode()
