"""Answers are ordered by both models' log-probabilities, and are those of the forward model's search."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import unspool
from unspool.errors import Mistake
from unspool.model import Model
from unspool.reranking import CANDIDATES, Reranker

FOLDERS = Path(__file__).parent / "folders" / "0.1.0"
LINES = ["abc", "fade", "", "beef"]
WAYS: list[dict[str, Any]] = [{}, {"beam": 4}, {"sample": True, "n_best": 3}]


def model_of(name: str, form: str = "exported") -> Model:
    return unspool.load(FOLDERS / name / form, "cpu")


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("weight", [0.0, 0.5, 3.0])
def test_the_order_is_that_of_the_weighted_sum(way: dict[str, Any], weight: float) -> None:
    forward, reverse = model_of("luong"), model_of("bahdanau")
    wide = {"beam": CANDIDATES, "n_best": CANDIDATES} if not way else way | {"n_best": way.get("beam", CANDIDATES)}
    for line, one, found in zip(
        LINES,
        forward.predict(LINES, rerank=reverse, rerank_weight=weight, **way),
        forward.predict(LINES, **wide),
        strict=True,
    ):
        texts = list(dict.fromkeys(answer.text for answer in found.hypotheses))
        back = {text: reverse.score([(text, line)])[0].log_prob for text in texts if text}
        score = {answer.text: answer.score for answer in found.hypotheses}
        best = sorted(texts, key=lambda text: score[text] + weight * back.get(text, -1e9), reverse=True)
        assert [answer.text for answer in one.hypotheses] == best[: way.get("n_best", 1)]
        assert all(
            answer.reverse_score == pytest.approx(back[answer.text], abs=1e-4)
            for answer in one.hypotheses
            if answer.text
        )


def test_what_cannot_be_ordered_anew_is_said() -> None:
    with pytest.raises(Mistake, match="from text to label"):
        model_of("luong").predict(LINES, rerank=model_of("classifier"))
    for weight in (-1.0, float("nan"), float("inf")):
        with pytest.raises(Mistake, match="weight of the reverse model"):
            Reranker(model_of("luong").predictor, weight)
