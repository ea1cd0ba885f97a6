"""Answers ordered anew by what they say about their source: a brake on answers that suit everything.

"I don't know" is likely after any question, and says nothing about which. A reverse model, from answers to sources,
knows: Li, Galley, Brockett, Gao, Dolan 2016, "A diversity-promoting objective function for neural conversation models",
arXiv:1510.03055, section 4.5.2 (MMI-bidi). The n best answers T of a source S are ordered by

    log p(T | S) + λ · log p(S | T)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from unspool.answers.answer import Answer, Prediction, Score
from unspool.errors import Mistake
from unspool.fields.field import Raw
from unspool.predictor import Predictor

# Places of the beam, and samples of a source, unless the person names others.
CANDIDATES = 10
WEIGHT = 0.5
SWAPPED = "Train one on the same table, read the other way: --columns source=2,target=1"


class Reranker:
    """A reverse model, and the weight λ of what it says."""

    def __init__(self, reverse: Predictor, weight: float = WEIGHT) -> None:
        if not 0 <= weight < float("inf"):
            raise Mistake(f"The weight of the reverse model cannot be {weight}.", "Give 0 or more, such as 0.5.")
        self.reverse, self.weight = reverse, weight

    def check(self, forward: Predictor) -> None:
        """Raise a `Mistake` if the reverse model does not read what this one writes, and write what it reads."""
        both = forward.fields, self.reverse.fields
        if any(field.kind != "text" for fields in both for field in fields):
            ways = " and ".join(f"from {reads.kind} to {writes.kind}" for reads, writes in both)
            raise Mistake(f"Answers are ordered anew where all are texts, and these models go {ways}.", SWAPPED)

    def candidates(self, forward: Predictor, wanted: dict[str, Any]) -> tuple[dict[str, Any], int]:
        """The settings that find enough answers to choose from, and how many of them are wanted."""
        settings = forward.decoding(wanted)
        if settings.sample:
            return wanted | {"n_best": max(settings.n_best, CANDIDATES)}, settings.n_best
        beam = max(settings.n_best, settings.beam if settings.beam > 1 else CANDIDATES)
        return wanted | {"beam": beam, "n_best": beam}, settings.n_best

    def order(self, sources: Sequence[Raw], predictions: Sequence[Prediction], most: int) -> list[Prediction]:
        """The `most` best answers of each source; the same text counts once. Those of a lexicon stay as they are."""
        distinct = [
            [] if one.notes.lexicon else list({answer.text: answer for answer in one.hypotheses}.values())
            for one in predictions
        ]
        pairs = [
            (answer.text, source)
            for source, answers in zip(sources, distinct, strict=True)
            for answer in answers
            if answer.text
        ]
        found = iter(self.reverse.score(pairs)) if pairs else iter(())
        ordered = [
            sorted((self._scored(answer, found) for answer in answers), key=self._rank, reverse=True)[:most]
            for answers in distinct
        ]
        return [
            replace(one, hypotheses=one.hypotheses[:most] if one.notes.lexicon else answers)
            for one, answers in zip(predictions, ordered, strict=True)
        ]

    def _scored(self, answer: Answer, found: Iterator[Score]) -> Answer:
        return replace(answer, reverse_score=next(found).log_prob if answer.text else float("-inf"))

    def _rank(self, answer: Answer) -> float:
        assert answer.reverse_score is not None
        return answer.score + (self.weight * answer.reverse_score if self.weight else 0.0)
