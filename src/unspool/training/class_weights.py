"""Weights of labels in the loss, for data in which some labels are much rarer than others."""

from __future__ import annotations

import numpy as np

from unspool.config import TrainingConfig
from unspool.data.ragged import EncodedSide
from unspool.errors import Mistake
from unspool.types import Array, Labels


def class_weights_of(config: TrainingConfig, targets: EncodedSide) -> Array | None:
    """The weight of each id of the targets, float32; None if all are 1. A `Mistake` if targets are not labels."""
    if config.class_weights == "none":
        return None
    dimension = targets.field.dimension
    if not isinstance(dimension, Labels):
        what = f"training.class_weights={config.class_weights} is for labels, and this model does not write labels."
        raise Mistake(what, "Leave it out, or use --model classifier, tagger or han.")
    return balanced(targets.parts[0].values, dimension.count)


def balanced(ids: Array, count: int) -> Array:
    """`n / (k · n_c)` for n labels in all, k different ones, and n_c of the label c (King & Zeng 2001; scikit-learn).

    So all labels have the same total weight, and the mean weight over the data is 1. Ids that do not occur have 1.
    """
    counts = np.bincount(ids, minlength=count)[:count]
    weights = np.ones(count, dtype=np.float32)
    seen = counts > 0
    weights[seen] = counts.sum() / (np.count_nonzero(seen) * counts[seen])
    return weights
