"""The sequences of symbols that a pattern permits are those whose text matches."""

from __future__ import annotations

import itertools
import re

import pytest

from unspool.errors import Mistake
from unspool.text.bytes import ByteTokenizer
from unspool.text.chars import CharTokenizer
from unspool.text.jamo import JamoTokenizer
from unspool.text.joined import JoinedTokenizer
from unspool.text.subwords import BPETokenizer
from unspool.text.symbol_pattern import symbol_edges
from unspool.text.tags import TagTokenizer
from unspool.text.tokenizer import Tokenizer
from unspool.text.words import WordTokenizer
from unspool.types import EOS

LINES = ["ab ba", "b a1", "ab ab"]
JAMO, CHARS = JamoTokenizer.fit(["서설ᆯa"]), CharTokenizer.fit(["ab"])
WORDS, TAGS = WordTokenizer.fit(LINES), TagTokenizer.fit(["V;PST", "V;;N"])
CASES: dict[str, tuple[Tokenizer, list[str]]] = {
    "characters": (CharTokenizer.fit(["ab1 "]), ["a*", "[ab]+ ?1", "(a|b)*1", "..", "^a.$"]),
    "jamo": (JAMO, ["[가-힣]+", "서", "서+", "설?a", "[^서]*", "설", "."]),
    "words": (WORDS, ["ab( ab)*", ".*", "a1?", r"\w+ \w+", "ab ?", "", "(ab|ba) b"]),
    "tags": (TAGS, ["V;.*", "V;;N", "[^;]*", "", "(V;)*PST", ";V"]),
    "two columns": (JoinedTokenizer([CHARS, TAGS]), ["a+\tV.*", ".*", "[ab]*\t", "\t(V|N)", "a\t?"]),
    "words, then jamo": (JoinedTokenizer([WORDS, JAMO]), ["ab( ab)?\t[가-힣]", "\t.*"]),
}


def accepts(pattern: str, tokenizer: Tokenizer, longest: int) -> set[tuple[int, ...]]:
    """The ids of all answers of at most so many symbols."""
    following: dict[int, list[tuple[int, int | None]]] = {}
    for origin, item, after in symbol_edges(pattern, tokenizer).edges:
        following.setdefault(origin, []).append((item, after))
    found, live = set(), [((), 0)]
    for _ in range(longest + 1):
        longer = []
        for ids, state in live:
            for item, after in following.get(state, []):
                if after is None:
                    assert item == EOS
                    found.add(ids)
                else:
                    longer.append(((*ids, item), after))
        live = longer
    return found


@pytest.mark.parametrize("case", CASES)
def test_they_are_the_spellings_of_the_texts_that_match(case: str) -> None:
    tokenizer, patterns = CASES[case]
    texts = {
        ids: tokenizer.decode(ids) for n in range(4) for ids in itertools.product(range(4, len(tokenizer)), repeat=n)
    }
    spelled = {ids: text for ids, text in texts.items() if tuple(tokenizer.encode(text)) == ids}
    for pattern in patterns:
        expected = {ids for ids, text in spelled.items() if re.fullmatch(pattern, text)}
        found = accepts(pattern, tokenizer, 3)
        assert found & spelled.keys() == expected, pattern
        assert all(re.fullmatch(pattern, texts[ids]) for ids in found), pattern


def test_bytes_and_subwords_write_whole_characters() -> None:
    letters = ByteTokenizer()
    assert {letters.decode(ids) for ids in accepts("[가-각]|é|a", letters, 3)} == {"가", "각", "é", "a"}
    pieces = BPETokenizer.fit(["banana bandana 바나나 바나"] * 20, size=300)
    found = accepts("bana(na)?|바나", pieces, 6)
    assert {pieces.decode(ids) for ids in found} == {"bana", "banana", "바나"}
    assert tuple(pieces.encode("banana")) in found and len(found) > 6  # in all its spellings


def test_what_is_too_large_or_cannot_be_spelled_is_said() -> None:
    with pytest.raises(Mistake, match="too large"):
        symbol_edges("(a|b)*a(a|b){20}", CHARS)
    with pytest.raises(Mistake, match="jamo and of bytes"):
        symbol_edges(".*", JoinedTokenizer([JAMO, ByteTokenizer()]))
