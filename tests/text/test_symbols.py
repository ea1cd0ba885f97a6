"""The pieces of a text that its ids stand for, and beginnings of answers."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from unspool.text.symbols import encode_beginning, spelled, symbols_of

from unspool.errors import Mistake
from unspool.text.joined import JoinedTokenizer
from unspool.text.registry import fit
from unspool.types import UNK, Tokenizer

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
    ids, symbols = tokenizer.encode(text), symbols_of(tokenizer, text)
    assert len(symbols) == len(ids)
    for number, symbol in zip(ids, symbols, strict=True):
        assert number == UNK or symbol == tokenizer.tokens([number])[0] or kind == "jamo"
        assert number != UNK or symbol in text or kind == "jamo"


def respelled(tokenizer: Tokenizer, text: str) -> str:
    """A text from its ids, and from its symbols where these are unknown."""
    ids, symbols = tokenizer.encode(text), symbols_of(tokenizer, text)
    return spelled(tokenizer, ids, {place: symbols[place] for place, number in enumerate(ids) if number == UNK})


@pytest.mark.parametrize("kind", KINDS)
@given(st.text(st.sampled_from("abcxyz é가각다한;\u1100\uf8fe"), max_size=9))
def test_with_its_own_symbols_for_the_unknown_a_text_comes_back_whole(kind: str, text: str) -> None:
    tokenizer = tokenizer_of(kind)
    expected = {"words": " ".join(text.split()), "label": tokenizer.decode(tokenizer.encode(text))}.get(kind, text)
    assert respelled(tokenizer, text) == expected


def test_of_joined_columns_each_comes_back_too() -> None:
    joined = JoinedTokenizer([tokenizer_of("words"), tokenizer_of("tags"), tokenizer_of("chars")])
    assert respelled(joined, "a zz c\tV;FUT;SG\taxy") == "a zz c\tV;FUT;SG\taxy"


def test_joined_columns_come_one_behind_the_other() -> None:
    joined = JoinedTokenizer([tokenizer_of("chars"), tokenizer_of("tags")])
    assert symbols_of(joined, "ax\tV;X") == ["a", "x", "V", "X"]


def test_a_beginning_of_joined_columns_may_lack_the_last_ones() -> None:
    joined = JoinedTokenizer([tokenizer_of("chars"), tokenizer_of("tags")])
    assert encode_beginning(joined, "a b") == joined.encode("a b\t")
    assert encode_beginning(joined, "a\tV") == joined.encode("a\tV")


@pytest.mark.parametrize(("kind", "text", "unknown"), [("chars", "abx", "'x'"), ("words", "a bc", "'bc'"),
                                                       ("tags", "V;FUT", "'FUT'")])  # fmt: skip
def test_no_answer_begins_with_an_unknown_symbol(kind: str, text: str, unknown: str) -> None:
    with pytest.raises(Mistake, match=unknown):
        encode_beginning(tokenizer_of(kind), text)
