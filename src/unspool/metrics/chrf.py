"""The counts behind chrF (Popović 2015), one row for each source, so that sources can be resampled.

sacrebleu, which computes the figure itself, hands out no counts for chrF; these are its definition with default
settings: character n-grams up to 6, white space left out, recall counting twice, the best reference of each source.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from unspool.types import Array

ORDERS = 6
BETA = 2


def chrf_counts(predictions: Sequence[str], references: Sequence[tuple[str, ...]]) -> Array:
    """`[N, 18]`: n-grams of the prediction, of its best reference, and in both, for each order."""
    rows = []
    for prediction, listed in zip(predictions, references, strict=True):
        written = _ngrams(prediction)
        against = np.array([_matches(written, _ngrams(answer)) for answer in listed])
        rows.append(against[np.argmax(chrf_of(against))])
    return np.array(rows)


def chrf_of(counts: Array) -> Array:
    """chrF in percent, `[...]`, of summed counts `[..., 18]`; only orders that both sides have are averaged."""
    predicted, reference, both = np.moveaxis(counts.reshape(*counts.shape[:-1], ORDERS, 3), -1, 0).astype(float)
    usable = (predicted > 0) & (reference > 0)
    orders = np.maximum(usable.sum(axis=-1), 1)
    precision = np.where(usable, both / np.maximum(predicted, 1), 0).sum(axis=-1) / orders
    recall = np.where(usable, both / np.maximum(reference, 1), 0).sum(axis=-1) / orders
    below = BETA**2 * precision + recall
    score: Array = 100 * (1 + BETA**2) * precision * recall / np.where(below > 0, below, 1)
    return score


def _ngrams(text: str) -> list[Counter[str]]:
    letters = "".join(text.split())
    return [Counter(letters[i : i + n] for i in range(len(letters) - n + 1)) for n in range(1, ORDERS + 1)]


def _matches(written: list[Counter[str]], answer: list[Counter[str]]) -> list[int]:
    """The row of one prediction and one reference; orders that the reference is too short for count nothing."""
    row = []
    for ours, theirs in zip(written, answer, strict=True):
        row += [ours.total() if theirs else 0, theirs.total(), (ours & theirs).total()]
    return row
