"""Exact match, by hand."""

from __future__ import annotations

from unspool.metrics.exact_match import exact_matches


def test_any_listed_answer_counts_and_near_ones_do_not() -> None:
    references = [("a b", "a c"), ("x",), ("y",), ("",)]
    assert exact_matches(["a c", "x ", "", ""], references).tolist() == [1, 0, 0, 1]
