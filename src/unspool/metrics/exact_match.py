"""Exact match: the share of answers that equal a reference."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from unspool.metrics.evaluation import Evaluation
from unspool.metrics.metric import PERCENT, Metric
from unspool.types import Array


def exact_matches(answers: Sequence[str], references: Sequence[tuple[str, ...]]) -> Array:
    """`[N]` 1 if an answer equals any of its references, otherwise 0."""
    pairs = zip(answers, references, strict=True)
    return np.array([answer in listed for answer, listed in pairs], dtype=np.int64)


def _outcomes(evaluation: Evaluation) -> Array:
    """`[N, 2]`: 1 or 0, and 1 (the number of examples)."""
    matches = exact_matches(evaluation.answers, evaluation.references)
    return np.stack([matches, np.ones_like(matches)], axis=1)


EXACT_MATCH = Metric("exact_match", +1, "answers", _outcomes, scale=PERCENT)
