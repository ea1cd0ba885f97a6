"""Macro F1: the mean of the F1 of all labels that are right or given somewhere, each label counting the same.

The F1 of a label is the harmonic mean of its precision and recall: F1 = 2 · both / (right + given), where `both` counts
the items that have the label and were given it, `right` those that have it and `given` those that were given it
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
    """How often each label was taken for each: `counts` `[C, C]` by right label, then by the one given."""

    labels: list[str]
    counts: Array


def confusion(items: Aligned) -> Confusion:
    """All labels against all labels."""
    numbers = number_labels(items)
    counts = np.zeros((len(numbers), len(numbers)), dtype=np.int64)
    for source in items:
        for true, given in source:
            counts[numbers[true], numbers[given]] += 1
    return Confusion(list(numbers), counts)


def label_counts(items: Aligned) -> Array:
    """`[N, 2C]` of each source: how often each label was given rightly, and how often it was right plus given."""
    numbers = number_labels(items)
    counts = np.zeros((len(items), 2, len(numbers)))
    for row, source in zip(counts, items, strict=True):
        for true, given in source:
            row[0, numbers[true]] += true == given
            row[1, numbers[true]] += 1
            row[1, numbers[given]] += 1
    return counts.reshape(len(items), -1)


def mean_f1(sums: Array) -> Array:
    """In percent, `[...]`, of summed counts `[..., 2C]`, over the labels that occur."""
    both, either = np.split(sums, 2, axis=-1)
    f1 = 2 * both / np.maximum(either, 1)
    means: Array = 100 * (f1.sum(-1) / np.maximum((either > 0).sum(-1), 1))
    return means


def _outcomes(evaluation: Evaluation) -> Array:
    return label_counts(align(*evaluation.symbols()))


def _details(evaluation: Evaluation) -> dict[str, Any]:
    table = confusion(align(*evaluation.symbols()))
    return {"confusion": {"labels": table.labels, "counts": table.counts.tolist()}}


MACRO_F1 = Metric("macro_f1", +1, "answers", _outcomes, mean_f1, details=_details)
