from __future__ import annotations

import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from unspool.text.chars import CharTokenizer
from unspool.text.jamo import ESCAPE, JamoTokenizer, compose, decompose
from unspool.text.joined import JoinedTokenizer
from unspool.text.unseen import named

KOREAN = st.text(
    st.one_of(
        st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3),
        st.characters(min_codepoint=0x1100, max_codepoint=0x11FF),
        st.sampled_from(["a", " ", "\n", ESCAPE, "ㄱ", "\ua960", "\ud7b0"]),
    ),
    max_size=30,
)


@settings(deadline=None, max_examples=300)
@given(KOREAN)
def test_syllables_loose_jamo_and_escapes_come_back_as_they_were(text: str) -> None:
    assert compose(decompose(text)) == text


@settings(deadline=None, max_examples=100)
@given(KOREAN)
def test_decomposed_and_composed_text_stay_apart(text: str) -> None:
    composed, decomposed = unicodedata.normalize("NFC", text), unicodedata.normalize("NFD", text)
    tokenizer = JamoTokenizer.fit([composed, decomposed, composed + decomposed])
    for line in (composed, decomposed, composed + decomposed):
        assert tokenizer.decode(tokenizer.encode(line)) == line


def test_every_syllable_is_taken_apart_as_unicode_says() -> None:
    syllables = "".join(map(chr, range(0xAC00, 0xD7A4)))
    assert decompose(syllables) == unicodedata.normalize("NFD", syllables)


def test_people_see_letters_and_not_conjoining_forms() -> None:
    tokenizer = JamoTokenizer.fit(["값ᄀ"])
    assert tokenizer.tokens(tokenizer.encode("값ᄀ")) == ["ㄱ", "ㅏ", "ㅄ", "<esc>", "ㄱ"]


def test_jamo_that_make_no_syllable_and_a_last_escape_do_no_harm() -> None:
    tokenizer = JamoTokenizer.fit(["가ᄀ"])
    lead, vowel, escape = (tokenizer.vocabulary.ids[symbol] for symbol in ("ᄀ", "ᅡ", ESCAPE))
    assert tokenizer.decode([vowel, lead, escape]) == "ᅡᄀ"


def test_what_would_change_the_last_syllable_is_known() -> None:
    tokenizer = JamoTokenizer.fit(["설선서", "가a", "\u1109\u1165"])
    trails = {tokenizer.tokens([number])[0] for number in tokenizer.changing(tokenizer.encode("가서"))}
    assert trails == {"ㄹ", "ㄴ"}
    for complete in ("설", "a", "", "서a", "\u1109\u1165"):  # jamo that were in the text do not grow into syllables
        assert tokenizer.changing(tokenizer.encode(complete)) == []
    joined = JoinedTokenizer([CharTokenizer.fit(["ab"]), tokenizer])
    ids = joined.encode("a\t서")
    for number in joined.changing(ids):
        assert not joined.decode([*ids, number]).startswith("a\t서")
    assert len(joined.changing(ids)) == 2 and joined.changing([]) == []


def test_messages_name_letters_as_a_reader_knows_them() -> None:
    assert named(["\u1100", "\u1161", "\u1100", "\t", "x", "y", "z"]) == "ㄱ, ㅏ, '\\t', x, y, …"
