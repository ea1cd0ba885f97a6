"""Where sentences end, in several scripts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unspool.text.sentences import sentences

CASES = {
    "One. Two! Three?": ["One.", "Two!", "Three?"],
    "He asked: “Why?” Nobody knew.": ["He asked: “Why?”", "Nobody knew."],
    "It cost 3.50 dollars. Cheap": ["It cost 3.50 dollars.", "Cheap"],
    "Mr. and Mrs. J. Smith came, i.e. Ann and Bob. They left.": [
        "Mr. and Mrs. J. Smith came, i.e. Ann and Bob.", "They left.",
    ],
    "wait ... what? yes": ["wait ... what? yes"],
    "정말 재미있다! 또 보고 싶다. 추천합니다": ["정말 재미있다!", "또 보고 싶다.", "추천합니다"],
    "这部电影很好。我喜欢！你呢？": ["这部电影很好。", "我喜欢！", "你呢？"],
    "彼は「はい。」と言った。終わり": ["彼は「はい。」", "と言った。", "終わり"],
    "a title\nAnd its text\r\n\r\nthe end": ["a title", "And its text", "the end"],
    " \n ": [],
    "": [],
}  # fmt: skip


@pytest.mark.parametrize("text", CASES)
def test_sentences_end_where_a_reader_would_say(text: str) -> None:
    assert sentences(text) == CASES[text]


@given(st.text("aB .!?。\n\"'”가"))
def test_nothing_but_white_space_is_lost(text: str) -> None:
    found = sentences(text)
    assert "".join("".join(found).split()) == "".join(text.split())
    assert all(sentence == sentence.strip() != "" for sentence in found)
