"""Accuracy: the share of all items that have the right label; sources are resampled whole.

A missing label is wrong, and so is one for which there is no item.
"""

from __future__ import annotations

import numpy as np

from unspool.metrics.evaluation import Evaluation
from unspool.metrics.labels import Aligned, align
from unspool.metrics.metric import PERCENT, Metric
from unspool.types import Array


def right_labels(items: Aligned) -> Array:
    """`[N, 2]`: the number of items of each source with the right label, and the number of all its items."""
    counts = [(sum(true == given for true, given in source), len(source)) for source in items]
    return np.array(counts, dtype=np.int64)


def _outcomes(evaluation: Evaluation) -> Array:
    return right_labels(align(*evaluation.symbols()))


ACCURACY = Metric("accuracy", +1, "answers", _outcomes, scale=PERCENT)
