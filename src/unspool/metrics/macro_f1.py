"""Macro F1: the mean of the F1 of all labels that are right or predicted somewhere, with equal weights.

The F1 of a label is the harmonic mean of its precision and recall: F1 = 2 · both / (right + predicted). `right` counts
the items whose right label it is, `predicted` those whose predicted label it is, and `both` the items in both groups
(van Rijsbergen 1979, chapter 7; the mean of the labels' F1, as scikit-learn computes it).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from unspool.metrics.evaluation import Evaluation
from unspool.metrics.labels import Aligned, align, number_labels
from unspool.metrics.metric import Metric
from unspool.types import Array


class Confusion(NamedTuple):
    """A confusion matrix: `counts` `[C, C]` by right label, then by predicted label."""

    labels: list[str]
    counts: Array


def confusion(items: Aligned) -> Confusion:
    """The confusion matrix of the items with a right and a predicted label."""
    numbers = number_labels(items)
    counts = np.zeros((len(numbers), len(numbers)), dtype=np.int64)
    for source in items:
        for true, given in source:
            if true is not None and given is not None:
                counts[numbers[true], numbers[given]] += 1
    return Confusion(list(numbers), counts)


def label_counts(items: Aligned) -> Array:
    """`[N, 2C]` for each source and label: the number of right predictions, and of right plus predicted labels."""
    numbers = number_labels(items)
    counts = np.zeros((len(items), 2, len(numbers)))
    for row, source in zip(counts, items, strict=True):
        for true, given in source:
            for label in (true, given):
                if label is not None:
                    row[1, numbers[label]] += 1
            if true is not None and true == given:
                row[0, numbers[true]] += 1
    return counts.reshape(len(items), -1)


def mean_f1(sums: Array) -> Array:
    """Macro F1 in percent, `[...]`, from sums of counts `[..., 2C]`, over the labels that occur."""
    both, either = np.split(sums, 2, axis=-1)
    f1 = 2 * both / np.where(either > 0, either, 1)
    means: Array = 100 * (f1.sum(-1) / np.maximum((either > 0).sum(-1), 1))
    return means


def _extremes(outcomes: Array) -> Array:
    """`[2, 2C]`: an example with the usual labels, all wrong, and one with all of them right."""
    _, either = np.split(outcomes.mean(axis=0), 2)
    return np.stack([np.concatenate([0 * either, either]), np.concatenate([either / 2, either])])


def _outcomes(evaluation: Evaluation) -> Array:
    return label_counts(align(*evaluation.symbols()))


def _details(evaluation: Evaluation) -> dict[str, Any]:
    table = confusion(align(*evaluation.symbols()))
    return {"confusion": {"labels": table.labels, "counts": table.counts.tolist()}}


MACRO_F1 = Metric("macro_f1", +1, "answers", _outcomes, mean_f1, _extremes, details=_details)
