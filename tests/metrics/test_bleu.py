"""BLEU against figures computed by hand."""

from __future__ import annotations

import logging

import numpy as np
import pytest

from unspool.metrics.bleu import BLEU, SUSPICIOUS, bleu_counts
from unspool.metrics.evaluation import Evaluation


def bleu(answers: list[str], references: list[tuple[str, ...]], tokenizer: str = "13a") -> float:
    return BLEU.value(BLEU.outcomes(Evaluation(answers, references, tokenizer=tokenizer)))


def test_bleu_follows_its_definition() -> None:
    precisions = [5 / 7, 3 / 6, 2 / 5, 1 / 4]
    found = bleu(["the cat sat on the mat today"], [("the cat sat on a mat",)])
    assert found == pytest.approx(100 * np.prod(precisions) ** 0.25)


def test_the_brevity_penalty_takes_the_nearest_of_several_lengths() -> None:
    assert bleu(["a b c d"], [("a b c d e f g h", "a b c d e")]) == pytest.approx(100 * np.exp(1 - 5 / 4))


def test_sources_may_have_different_numbers_of_references_in_any_order() -> None:
    answers = ["a b c d e", "f g h i j"]
    one, other = [("x y", "a b c d e"), ("f g h i j",)], [("a b c d e", "x y"), ("f g h i j",)]
    assert bleu(answers, one) == bleu(answers, other) == pytest.approx(100)
    assert "nrefs:var" in BLEU.signature(Evaluation(answers, one))


def test_char_splits_what_has_no_spaces() -> None:
    assert bleu(["나는학교에간다"], [("나는학교에갔다",)]) == 0
    assert bleu(["나는학교에간다"], [("나는학교에갔다",)], tokenizer="char") > 50


def test_text_that_was_split_into_words_is_remarked_on(caplog: pytest.LogCaptureFixture) -> None:
    for many, remarks in ((SUSPICIOUS - 1, 0), (SUSPICIOUS, 1)):
        with caplog.at_level(logging.WARNING):
            bleu_counts(Evaluation(["a ."] * many, [("a.",)] * many))
        assert len(caplog.records) == remarks
