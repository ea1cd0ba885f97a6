"""How varied texts are together, and how much each repeats itself."""

from __future__ import annotations

import pytest

from unspool.metrics.diversity import distinct, repetition


def test_runs_count_once_among_all_texts() -> None:
    assert distinct(["a b c", "a b d"]) == 75 and distinct(["a b"] * 4) == 25
    assert distinct(["a", ""]) == 0 and distinct(["a", "a"], n=1) == 50


def test_repetition_is_within_a_text() -> None:
    assert repetition(["a b c", "a b c"]) == 0
    assert repetition(["a b a b"]) == pytest.approx(100 / 3)
    assert repetition(["a b a b", "c d", "e"]) == pytest.approx(100 / 6), "a text without a run does not count"
    assert repetition([]) == 0
