"""TER by hand."""

from __future__ import annotations

import pytest

from unspool.metrics.evaluation import Evaluation
from unspool.metrics.ter import TER


def ter(answers: list[str], references: list[tuple[str, ...]]) -> float:
    return TER.value(TER.outcomes(Evaluation(answers, references)))


def test_a_shift_is_one_edit() -> None:
    assert ter(["c d a b"], [("a b c d",)]) == pytest.approx(25)


def test_without_any_words_of_references_all_edits_are_one_whole() -> None:
    assert ter(["a b"], [("",)]) == 100
    assert ter([""], [("",)]) == 0
