"""chrF2 of a corpus, in percent (Popović 2015): the F-score of character n-grams, with double weight on recall.

chrF = (1 + β²) · P · R / (β² · P + R) with β = 2, where P and R are the precision and the recall of n-grams, means over
orders 1 to 6. White space is ignored, and each source is compared with its best reference.

sacrebleu's scores contain no counts for chrF, so they are computed here, by its definition with default settings.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from unspool.metrics.evaluation import Evaluation
from unspool.metrics.metric import Metric
from unspool.metrics.scorers import chrf_scorer, format_signature
from unspool.types import Array

ORDERS = 6
BETA = 2


def chrf_counts(answers: Sequence[str], references: Sequence[tuple[str, ...]]) -> Array:
    """`[N, 18]`: numbers of n-grams in the answer, in its best reference, and in both, for each order."""
    rows = []
    for answer, listed in zip(answers, references, strict=True):
        written = _ngrams(answer)
        against = np.array([_matches(written, _ngrams(reference)) for reference in listed])
        rows.append(against[np.argmax(chrf_of(against))])
    return np.array(rows)


def chrf_of(sums: Array) -> Array:
    """chrF in percent, `[...]`, from sums of counts `[..., 18]`; means over the orders that both sides have."""
    answered, reference, both = np.moveaxis(sums.reshape(*sums.shape[:-1], ORDERS, 3), -1, 0).astype(float)
    usable = (answered > 0) & (reference > 0)
    orders = np.maximum(usable.sum(axis=-1), 1)
    precision = np.where(usable, both / np.where(usable, answered, 1), 0).sum(axis=-1) / orders
    recall = np.where(usable, both / np.where(usable, reference, 1), 0).sum(axis=-1) / orders
    below = BETA**2 * precision + recall
    # The order of operations is sacrebleu's, so that the last digit agrees.
    score: Array = 100 * ((1 + BETA**2) * precision * recall / np.where(below > 0, below, 1))
    return score


def _extremes(outcomes: Array) -> Array:
    """`[2, 18]`: an answer of usual length without any n-gram of its reference, and one with all of them."""
    _, reference, _ = outcomes.mean(axis=0).reshape(ORDERS, 3).T
    return np.stack([np.stack([reference, reference, both], axis=1).ravel() for both in (0 * reference, reference)])


def _ngrams(text: str) -> list[Counter[str]]:
    letters = "".join(text.split())
    return [Counter(letters[i : i + n] for i in range(len(letters) - n + 1)) for n in range(1, ORDERS + 1)]


def _matches(written: list[Counter[str]], reference: list[Counter[str]]) -> list[int]:
    """The counts of one answer and one reference; 0 for orders longer than the reference."""
    row = []
    for ours, theirs in zip(written, reference, strict=True):
        row += [ours.total() if theirs else 0, theirs.total(), (ours & theirs).total()]
    return row


def _outcomes(evaluation: Evaluation) -> Array:
    return chrf_counts(evaluation.answers, evaluation.references)


def _signature(evaluation: Evaluation) -> str:
    return format_signature(chrf_scorer(), evaluation)


CHRF = Metric("chrf", +1, "answers", _outcomes, chrf_of, _extremes, signature=_signature)
