from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unspool.errors import Mistake
from unspool.text.vocabulary import Vocabulary
from unspool.types import BOS, EOS, PAD, SPECIALS, UNK


@settings(deadline=None, max_examples=100)
@given(st.lists(st.text("abcde", max_size=8)), st.randoms(use_true_random=False))
def test_ids_do_not_depend_on_the_order_of_the_lines(lines: list[str], chance) -> None:  # type: ignore[no-untyped-def]
    shuffled = list(lines)
    chance.shuffle(shuffled)
    assert Vocabulary.fit(lines).symbols == Vocabulary.fit(shuffled).symbols


def test_the_frequent_come_first_and_ties_go_by_code_point() -> None:
    assert Vocabulary.fit(["zbaab", "z가é"]).to_json() == ["a", "b", "z", "é", "가"]


def test_rare_symbols_become_unknown() -> None:
    assert Vocabulary.fit(["aab"], min_count=2).encode("aab") == [4, 4, UNK]


def test_a_symbol_spelled_like_a_reserved_one_has_its_own_id() -> None:
    vocabulary = Vocabulary.fit([SPECIALS])
    assert sorted(vocabulary.encode(SPECIALS)) == [4, 5, 6, 7]


def test_reserved_ids_are_skipped_in_text_but_unknown_is_not() -> None:
    assert list(Vocabulary(["a"]).written([BOS, 4, UNK, EOS, PAD], "?")) == ["a", "?"]


@pytest.mark.parametrize("symbols", [None, "ab", [1], ["a", "a"]])
def test_what_is_no_list_of_distinct_strings_is_a_mistake(symbols: object) -> None:
    with pytest.raises(Mistake):
        Vocabulary.from_json(symbols)
