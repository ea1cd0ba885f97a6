"""The pieces of a text that its ids stand for, and what people count in it."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unspool.text.joined import JoinedTokenizer
from unspool.text.registry import fit
from unspool.text.tokenizer import Tokenizer
from unspool.types import UNK

SEEN = ["a b c", "가나 다", "V;PST;3;SG"]
KINDS = ("chars", "words", "tags", "label", "jamo", "bytes", "bpe", "unigram")
TEXTS = ["a b c", "", " a  x ", "V;X;;PST", "가각 \u1100", "zé 한"]


@cache
def tokenizer_of(kind: str) -> Tokenizer:
    return fit(kind, SEEN, size=400, min_count=1)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("text", TEXTS)
def test_there_is_one_for_each_id_and_a_known_one_has_that_id(kind: str, text: str) -> None:
    tokenizer = tokenizer_of(kind)
    ids, symbols = tokenizer.encode(text), tokenizer.symbols(text)
    assert len(symbols) == len(ids)
    for number, symbol in zip(ids, symbols, strict=True):
        assert number == UNK or symbol == tokenizer.tokens([number])[0] or kind == "jamo"
        assert number != UNK or symbol in text or kind == "jamo"


def respelled(tokenizer: Tokenizer, text: str) -> str:
    """A text from its ids, and from its symbols where these are unknown."""
    ids, symbols = tokenizer.encode(text), tokenizer.symbols(text)
    return tokenizer.decode(ids, {place: symbols[place] for place, number in enumerate(ids) if number == UNK})


@pytest.mark.parametrize("kind", KINDS)
@given(st.text(st.sampled_from("abcxyz é가각다한;\u1100\uf8fe"), max_size=9))
def test_with_its_own_symbols_for_the_unknown_a_text_comes_back_whole(kind: str, text: str) -> None:
    tokenizer = tokenizer_of(kind)
    assert respelled(tokenizer, text) == tokenizer.normal(text)


def test_of_joined_columns_each_comes_back_too() -> None:
    joined = JoinedTokenizer([tokenizer_of("words"), tokenizer_of("tags"), tokenizer_of("chars")])
    assert respelled(joined, "a zz c\tV;FUT;SG\taxy") == "a zz c\tV;FUT;SG\taxy"


def test_joined_columns_come_one_after_the_other() -> None:
    joined = JoinedTokenizer([tokenizer_of("chars"), tokenizer_of("tags")])
    assert joined.symbols("ax\tV;X") == ["a", "x", "V", "X"]


@pytest.mark.parametrize(
    ("kind", "units", "normal"),
    [
        ("chars", list(" a b;c "), " a b;c "),
        ("bytes", list(" a b;c "), " a b;c "),
        ("bpe", list(" a b;c "), " a b;c "),
        ("jamo", list(" a b;c "), " a b;c "),
        ("words", ["a", "b;c"], "a b;c"),
        ("tags", ["a", "b;c"], " a b;c "),
        ("label", [" a b;c "], "a b;c"),
    ],
)
def test_an_error_rate_counts_what_people_count_and_answers_differ_only_in_what_is_not_folded(
    kind: str, units: list[str], normal: str
) -> None:
    tokenizer = tokenizer_of(kind)
    assert (tokenizer.units(" a b;c "), tokenizer.normal(" a b;c ")) == (units, normal)
    assert tokenizer.symbolic == (kind in ("words", "tags", "label"))


@pytest.mark.parametrize(
    ("kind", "separator"), [("chars", ""), ("bpe", ""), ("words", " "), ("label", " "), ("tags", ";")]
)
def test_symbols_stand_in_a_text_with_their_separator(kind: str, separator: str) -> None:
    assert tokenizer_of(kind).separator == separator
