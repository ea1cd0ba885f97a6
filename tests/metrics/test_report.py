"""The flat object of `evaluate --json`, what early stopping asks, and the outcomes that stay."""

from __future__ import annotations

import json
from collections.abc import Callable

import numpy as np
import pytest

from unspool.errors import Mistake
from unspool.metrics.evaluation import Evaluation, Symbols
from unspool.metrics.report import BITS, METRICS, better, evaluate

PREDICTIONS = ["a b c", "d e", "x"]
REFERENCES = [("a b c", "a b"), ("d f",), ("y z",)]


def test_the_report_is_flat_in_percent_and_json() -> None:
    metrics = ["exact_match", "symbol_error_rate", "bleu", "chrf"]
    figures = evaluate(Evaluation(PREDICTIONS, REFERENCES, str.split), metrics).to_json()
    assert figures["n"] == 3
    assert figures["exact_match"] == pytest.approx(33.3333)
    assert figures["symbol_error_rate"] == pytest.approx(100 * 3 / 7, abs=1e-4)
    for metric in metrics:
        assert figures[f"{metric}_low"] <= figures[metric] <= figures[f"{metric}_high"]
    names = [part.split("|")[0] for part in str(figures["signature"]).split("; ")]
    assert names == ["BLEU", "chrF2"]
    assert json.loads(json.dumps(figures)) == figures


def test_what_was_not_asked_is_not_there() -> None:
    metrics = ["exact_match", "macro_f1"]
    figures = evaluate(Evaluation(PREDICTIONS, REFERENCES), metrics, resamples=0).to_json()
    assert set(figures) == {"n", *metrics}


def test_confusion_stands_beside_macro_f1() -> None:
    figures = evaluate(Evaluation(["a", "b"], [("a",), ("a",)]), ["macro_f1"], resamples=10).to_json()
    assert list(figures) == ["n", "macro_f1", "macro_f1_low", "macro_f1_high", "confusion"]
    assert figures["confusion"] == {"labels": ["a", "b"], "counts": [[1, 1], [0, 0]]}


def test_outcomes_stay_without_intervals_too() -> None:
    figures = evaluate(Evaluation(PREDICTIONS, REFERENCES, str.split), ["exact_match", "chrf"], resamples=0)
    assert figures.outcomes["exact_match"].tolist() == [[1, 1], [0, 1], [0, 1]]
    assert len(figures.outcomes["chrf"]) == 3
    # Buckets, by length for example, are rows of the outcomes.
    assert METRICS["exact_match"].value(figures.outcomes["exact_match"][:2]) == 50


def test_the_error_rate_counts_what_the_caller_calls_a_symbol() -> None:
    def rate(split: Callable[[str], Symbols]) -> float:
        figures = evaluate(Evaluation(["ab cd"], [("ab ce",)], split), ["symbol_error_rate"], resamples=0)
        return figures.estimates["symbol_error_rate"].value

    assert rate(str.split) == 50
    assert rate(list) == 20


def test_likelihoods_count_characters_and_are_not_in_percent() -> None:
    measured = Evaluation(log_likelihoods=np.array([-np.log(4)]), lengths=np.array([2]))
    figures = evaluate(measured, [BITS], resamples=0)
    assert figures.to_json() == {"n": 2, BITS: 1.0}


def test_an_unknown_metric_is_a_mistake_that_names_the_nearest() -> None:
    with pytest.raises(Mistake, match="Did you mean 'chrf'"):
        evaluate(Evaluation(PREDICTIONS, REFERENCES), ["chrff"])
    with pytest.raises(Mistake, match="Did you mean 'chrf'"):
        better("chrff")


@pytest.mark.parametrize("metric", [BITS, "nll", "rmse"])
def test_texts_have_no_likelihoods_and_no_distances(metric: str) -> None:
    with pytest.raises(
        Mistake, match=f"no metric '{metric}'.* Known: accuracy, bleu, chrf, exact_match, macro_f1, sym"
    ):
        evaluate(Evaluation(["a"], [("a",)]), [metric])


def test_lower_error_rates_and_higher_matches_are_better() -> None:
    likely = {BITS, "nll", "nll_per_sequence"}
    errors = {"symbol_error_rate", "ter", "rmse", "mae", "mase", "smape", "owa", "crps", "width"}
    assert {name for name in METRICS if better(name) < 0} == errors | likely
