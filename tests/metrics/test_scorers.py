"""Our corpus figures against sacrebleu's own, to the last digit, and their signatures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unspool.errors import Mistake
from unspool.metrics.bleu import BLEU
from unspool.metrics.chrf import CHRF
from unspool.metrics.evaluation import Evaluation
from unspool.metrics.metric import Metric
from unspool.metrics.scorers import bleu_scorer, chrf_scorer, ter_scorer
from unspool.metrics.significance import interval
from unspool.metrics.ter import TER

TEXT = st.text(alphabet="ab c가", max_size=12)
CORPUS = st.lists(st.tuples(TEXT, st.lists(TEXT, min_size=1, max_size=3).map(tuple)), min_size=1, max_size=6)
SCORERS = [(BLEU, lambda: bleu_scorer("13a")), (CHRF, chrf_scorer), (TER, ter_scorer)]


def by_sacrebleu(scorer: Any, evaluation: Evaluation) -> tuple[float, str]:
    """sacrebleu wants every source's first reference, then every source's second, …, None where there is none."""
    most = max(map(len, evaluation.references))
    streams = [[(*listed, *[None] * most)[place] for listed in evaluation.references] for place in range(most)]
    score = scorer.corpus_score(list(evaluation.answers), streams)
    return score.score, f"{score.name}|{scorer.get_signature()}"


@pytest.mark.parametrize(("metric", "scorer"), SCORERS)
@settings(deadline=None, max_examples=60)
@given(corpus=CORPUS)
def test_figure_and_signature_are_sacrebleus(
    metric: Metric, scorer: Callable[[], Any], corpus: list[tuple[str, tuple[str, ...]]]
) -> None:
    evaluation = Evaluation([answer for answer, _ in corpus], [listed for _, listed in corpus])
    found = metric.value(metric.outcomes(evaluation)), metric.signature(evaluation)
    assert found == by_sacrebleu(scorer(), evaluation)


def test_the_signature_states_metric_tokenizer_and_version() -> None:
    evaluation = Evaluation(["a"], [("a",)], tokenizer="char")
    assert BLEU.signature(evaluation).startswith("BLEU|nrefs:1|case:mixed|eff:no|tok:char|")
    assert CHRF.signature(evaluation).startswith("chrF2|nrefs:1|")
    assert TER.signature(evaluation).startswith("TER|nrefs:1|")


def test_an_unknown_tokenizer_is_a_mistake_that_names_the_nearest() -> None:
    with pytest.raises(Mistake, match="Did you mean 'char'"):
        bleu_scorer("chars")


@pytest.mark.parametrize("metric", [BLEU, CHRF, TER])
def test_the_interval_of_one_source_is_wide(metric: Metric) -> None:
    outcomes = metric.outcomes(Evaluation(["the cat sat on the mat now"], [("the cat sat on the mat", "a cat")]))
    low, high = interval(metric, outcomes, resamples=200)
    assert 0 <= low < 5 and 95 < high <= 100


@pytest.mark.parametrize("metric", [BLEU, CHRF, TER])
def test_intervals_hold_the_figure_and_narrow_with_more_sources(metric: Metric) -> None:
    random = np.random.default_rng(0)
    words = np.array(["the", "cat", "sat", "on", "a", "mat", "and", "saw", "two", "dogs", "run"])
    references = [(" ".join(random.choice(words, 8)),) for _ in range(120)]
    answers = [" ".join(w if random.random() < 0.8 else "so" for w in text.split()) for [text] in references]
    outcomes = metric.outcomes(Evaluation(answers, references))
    widths = []
    for count in (20, 120):
        low, high = interval(metric, outcomes[:count], resamples=200)
        assert low < metric.value(outcomes[:count]) < high
        widths.append(high - low)
    assert widths[1] < 0.7 * widths[0]
