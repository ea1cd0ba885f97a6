"""How messages name symbols that training never saw."""

from __future__ import annotations

from unspool.text.unseen import named


def test_the_most_frequent_are_named() -> None:
    assert named("abcabcabcdefg") == "a, b, c, d, e, …"


def test_a_symbol_that_is_a_whole_line_is_named_by_its_beginning() -> None:
    assert named(["가" * 500_000]) == "가" * 40 + "…"
