"""Answers that are exactly right."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from unspool.types import Array


def exact_match(predictions: Sequence[str], references: Sequence[tuple[str, ...]]) -> Array:
    """`[N]` 1 where a prediction equals any of its source's listed answers, otherwise 0."""
    pairs = zip(predictions, references, strict=True)
    return np.array([prediction in listed for prediction, listed in pairs], dtype=np.int64)
