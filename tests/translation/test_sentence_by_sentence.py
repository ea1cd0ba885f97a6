from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unspool.text.sentences import put_together, split_apart
from unspool.translation.placeholders import MARKDOWN, PLAIN, pieces
from unspool.translation.sentence_by_sentence import SentenceTranslator

KEPT = ["%s", "%(name)s", "%1$d", "{name}", "{0:.2f}", "${HOME}", "<b>", "</b>", "&nbsp;", "3", "1,000.5", "50%", "%%",
        "https://example.org/a?b=1", "me@example.org"]  # fmt: skip


def forgetful(sentences: Sequence[str]) -> list[str]:
    return [re.sub(r"[^A-Za-z .]", "", sentence).upper() for sentence in sentences]


@pytest.mark.parametrize("kept", KEPT)
def test_a_placeholder_that_the_model_loses_stays_where_it_was(kept: str):
    translator = SentenceTranslator(forgetful)
    assert translator([f"Look at {kept} in here."]) == [f"LOOK AT {kept} IN HERE."]
    assert (translator.tally.sentences, translator.tally.in_pieces, translator.tally.left) == (1, 1, 0)


def test_an_answer_with_all_placeholders_is_taken_in_its_own_order():
    translator = SentenceTranslator(lambda sentences: ["{b} und {a}." for _ in sentences])
    assert translator(["{a} and {b}."]) == ["{b} und {a}."]
    assert translator.tally.in_pieces == 0


def test_a_piece_whose_answer_is_empty_or_invents_a_placeholder_stays_and_is_counted():
    for answer in ("", "take {this}"):
        translator = SentenceTranslator(lambda sentences, answer=answer: [answer for _ in sentences])
        assert translator(["Give me %s."]) == ["Give me %s."]
        assert translator.tally.left == 1
        assert "1 piece stays as it was" in translator.tally.messages()[-1]


def test_each_sentence_is_translated_once_and_what_has_no_words_never():
    asked: list[str] = []

    def listen(sentences: Sequence[str]) -> list[str]:
        asked.extend(sentences)
        return [sentence.upper() for sentence in sentences]

    translator = SentenceTranslator(listen)
    assert translator(["One. Two.", "Two.\n\nOne.", "3 {x}", ""]) == ["ONE. TWO.", "TWO.\n\nONE.", "3 {x}", ""]
    assert sorted(asked) == ["One.", "Two."]


def test_a_space_comes_between_sentences_where_the_other_script_needs_it():
    translator = SentenceTranslator(lambda sentences: ["Good." for _ in sentences])
    assert translator(["好。是吗？\n好。"]) == ["Good. Good.\nGood."]


def test_korean_sentences_are_told_apart():
    assert split_apart("정말 좋다. 또 볼까? 그래!") == ["정말 좋다.", " ", "또 볼까?", " ", "그래!"]


@given(st.text(alphabet="Ab. \n。?!\"'é한"))
def test_sentences_and_what_is_between_them_are_the_text(text: str):
    assert put_together(split_apart(text)) == text


@given(st.text(alphabet="ab{}%s<>/ 12.*_[]()`\n"), st.sampled_from([PLAIN, MARKDOWN]))
def test_pieces_are_the_sentence(text: str, pattern: re.Pattern[str]):
    assert "".join("".join(piece) for piece in pieces(pattern, text)) == text


@pytest.mark.parametrize(
    "begun", ["a", "`", "<a ", "{", "{{", "1.", "](", "[", "%", "http://.", "a@a.", "_", '](a "', "&a"]
)
def test_what_only_begins_like_a_placeholder_takes_linear_time(begun: str):
    """Quadratic time would be minutes."""
    for pattern in (PLAIN, MARKDOWN):
        assert "".join("".join(piece) for piece in pieces(pattern, begun * 30_000)) == begun * 30_000
