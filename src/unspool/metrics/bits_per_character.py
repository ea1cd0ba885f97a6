"""Bits per character: `-Σ log₂ p / Σ characters`, the size of the best code (Graves 2013, section 3.1)."""

from __future__ import annotations

import numpy as np

from unspool.metrics.evaluation import Evaluation
from unspool.metrics.metric import Metric, spread_extremes
from unspool.types import Array


def _outcomes(evaluation: Evaluation) -> Array:
    """`[N, 2]`: the bits and the characters of each piece of text."""
    assert evaluation.log_likelihoods is not None and evaluation.lengths is not None
    return np.stack([-evaluation.log_likelihoods / np.log(2), evaluation.lengths], axis=1)


BITS_PER_CHARACTER = Metric("bits_per_character", -1, "log_likelihoods", _outcomes, extremes=spread_extremes)
