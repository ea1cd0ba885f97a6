"""The flat object of `evaluate --json`, and what early stopping asks."""

from __future__ import annotations

import json

import pytest

from unspool.errors import Mistake
from unspool.metrics.report import evaluate_answers

PREDICTIONS = ["a b c", "d e", "x"]
REFERENCES = [("a b c", "a b"), ("d f",), ("y z",)]


def test_the_report_is_flat_in_percent_and_json() -> None:
    figures = evaluate_answers(
        PREDICTIONS, REFERENCES, symbols=str.split, metrics=["exact_match", "symbol_error_rate", "bleu", "chrf"]
    )
    assert figures["n"] == 3
    assert figures["exact_match"] == pytest.approx(33.3333)
    assert figures["symbol_error_rate"] == pytest.approx(100 * 3 / 7, abs=1e-4)
    for metric in ("exact_match", "symbol_error_rate", "bleu", "chrf"):
        assert figures[f"{metric}_low"] <= figures[metric] <= figures[f"{metric}_high"]  # type: ignore[operator]
    names = [part.split("|")[0] for part in str(figures["signature"]).split("; ")]
    assert names == ["BLEU", "chrF2"]
    assert json.loads(json.dumps(figures)) == figures


def test_what_was_not_asked_is_not_there() -> None:
    figures = evaluate_answers(PREDICTIONS, REFERENCES, symbols=list, metrics=["exact_match"], resamples=0)
    assert set(figures) == {"n", "exact_match"}


def test_the_error_rate_counts_what_the_caller_calls_a_symbol() -> None:
    def rate(symbols: object) -> object:
        options = {"metrics": ["symbol_error_rate"], "resamples": 0}
        return evaluate_answers(["ab cd"], [("ab ce",)], symbols=symbols, **options)["symbol_error_rate"]  # type: ignore[arg-type]

    assert rate(str.split) == 50
    assert rate(list) == 20


def test_an_unknown_metric_is_a_mistake_that_names_the_nearest() -> None:
    with pytest.raises(Mistake, match="Did you mean 'chrf'"):
        evaluate_answers(PREDICTIONS, REFERENCES, symbols=list, metrics=["chrff"])


def test_nothing_to_evaluate_is_a_mistake() -> None:
    with pytest.raises(Mistake, match="nothing to evaluate"):
        evaluate_answers([], [], symbols=list, metrics=["bleu"])
    with pytest.raises(Mistake, match="Source 2 has no right answer"):
        evaluate_answers(["a", "b"], [("a",), ()], symbols=list, metrics=["exact_match"])
