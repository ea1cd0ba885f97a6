from __future__ import annotations

import unicodedata

import pytest

from unspool.text.spelling import spelled


@pytest.mark.parametrize(
    ("text", "letters", "expected"),
    [
        ("café", "café", "café"),
        ("cafe\u0301", "café", "café"),
        ("café", "cafe\u0301", "cafe\u0301"),
        ("한글", unicodedata.normalize("NFD", "한글"), unicodedata.normalize("NFD", "한글")),
        ("한글", "ㅎㅏㄴㄱㅡㄹ", "ㅎㅏㄴㄱㅡㄹ"),
        ("한글", "한글", "한글"),
    ],
)
def test_letters_take_the_form_that_is_known(text: str, letters: str, expected: str) -> None:
    assert spelled(text, lambda form: {*form} <= {*letters}) == (expected, {}, [])


def test_ends_of_lines_stay() -> None:
    assert spelled("a\r\n\nb", lambda form: form in "ab") == ("a\r\n\nb", {}, [])


def test_what_becomes_of_unknown_letters_is_told() -> None:
    found = spelled("naïve ﬁsh ’安’ ß ï", lambda form: {*form} <= {*"naivefsh '"})
    assert found.text == "naive fish ''  i"
    assert found.replaced == {"ï": "i", "ﬁ": "fi", "’": "'"}
    assert found.missing == ["安", "ß"]
