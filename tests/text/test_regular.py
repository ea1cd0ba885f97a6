"""A pattern as an automaton matches what `re` matches, in characters, in jamo and in bytes."""

from __future__ import annotations

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unspool.errors import Mistake
from unspool.text.jamo import decompose
from unspool.text.matching import Matching
from unspool.text.regular import RegularExpression, compiled
from unspool.text.units import ByteUnits, CharacterUnits, Units

TEXTS = ["".join(text) for length in range(5) for text in itertools.product("aB1", repeat=length)]
LEAVES = st.sampled_from(["a", "B", "1", ".", "[a1]", "[^a]", r"\d", r"\w", r"\D", "(?i:b)", "", "^", "$", "[A-Z]"])
PATTERNS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map(lambda pair: f"(?:{pair[0]}|{pair[1]})"),
        st.tuples(inner, st.sampled_from(["*", "+", "?", "{2}", "{1,2}", "{2,}", "*?", "{0,3}?"])).map(
            lambda pair: f"({pair[0]}){pair[1]}"
        ),
    ),
    max_leaves=6,
)
WAYS: dict[str, Units] = {
    "characters": CharacterUnits("aB1한하ㅎé서설\n"),
    "jamo": CharacterUnits("aB1한하ㅎé서설\n", decompose),
    "bytes": ByteUnits(),
}


def matches(pattern: str, text: str, units: Units) -> bool:
    matching = Matching(RegularExpression(pattern), units)
    at = matching.after(0, units.spell(text))
    return at is not None and matching.ends(at)


@given(PATTERNS)
def test_it_matches_what_re_matches(pattern: str) -> None:
    units = CharacterUnits("aB1")
    matching, expected = Matching(RegularExpression(pattern), units), re.compile(pattern)
    for text in TEXTS:
        at = matching.after(0, text)
        assert (at is not None and matching.ends(at)) == bool(expected.fullmatch(text)), text


@given(PATTERNS)
def test_nothing_that_matches_begins_with_what_is_refused(pattern: str) -> None:
    matching = Matching(RegularExpression(pattern), CharacterUnits("aB1"))
    for text in TEXTS[:13]:
        at = matching.after(0, text)
        if at is None:
            assert not any(re.fullmatch(pattern, longer) for longer in TEXTS if longer.startswith(text) and longer)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "pattern", ["[가-힣]+", "하|한", ".", "..", r"\w+", "[^가-힣]*", "[é서]", "(?i)É", "서[^a]", "(?s:.)"]
)
def test_characters_of_several_units_count_as_one(pattern: str, way: str) -> None:
    for text in ["", "한", "하", "ㅎ", "한a", "서설", "é", "a", "서ㅎ", "한글"[:1] * 3, "\n", "서\n"]:
        assert matches(pattern, text, WAYS[way]) == bool(re.fullmatch(pattern, text)), text


def test_bytes_are_all_of_unicode() -> None:
    for text in ["\x7f", "\x80", "\u07ff", "\u0800", "\ud7ff", "\ue000", "\uffff", "\U00010000", "\U0010ffff"]:
        assert matches(".", text, WAYS["bytes"]) and not matches(f"[^{text}]", text, WAYS["bytes"])
        assert not matches("..", text, WAYS["bytes"]) and not matches(".", text * 2, WAYS["bytes"])
    matching = Matching(RegularExpression("."), WAYS["bytes"])
    assert matching.after(0, b"\xed\xa0") is None  # a half of a surrogate pair


@pytest.mark.parametrize(("pattern", "words"), [
    ("a(b", "broken at character 2"), ("[a", "broken at character 1"), ("a{2,1}", "broken at"), ("*", "broken"),
])  # fmt: skip
def test_a_broken_pattern_is_said_with_its_position(pattern: str, words: str) -> None:
    with pytest.raises(Mistake, match=words):
        compiled(pattern)
    with pytest.raises(Mistake, match=words):
        RegularExpression(pattern)


@pytest.mark.parametrize(("pattern", "words"), [
    (r"(a)\1", "a back reference"), ("a(?=b)", "a lookaround"), ("(?<!b)a", "a lookaround"),
    (r"\ba", "a word boundary"),
    ("(?>a)", "an atomic group"), ("a++", "a possessive count"), ("(a)?(?(1)b|c)", "a conditional group"),
    ("(?m)^a", "the flag m"), ("(?:.{999}){999}", "too large"),
])  # fmt: skip
def test_what_a_search_cannot_follow_is_said(pattern: str, words: str) -> None:
    with pytest.raises(Mistake, match=words):
        RegularExpression(pattern)
