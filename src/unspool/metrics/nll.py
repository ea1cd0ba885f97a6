"""Mean negative log-likelihood in nats a step, `-Σ ln p / Σ steps`; for a density it may be negative.

Training minimises it. It compares models only if their data have the same units: for values that are c times as large,
it is higher by ln c nats for each value.
"""

from __future__ import annotations

import numpy as np

from unspool.metrics.evaluation import Evaluation
from unspool.metrics.metric import Metric, spread_extremes
from unspool.types import Array


def _outcomes(evaluation: Evaluation) -> Array:
    """`[N, 2]`: the nats and the steps of each example."""
    assert evaluation.log_likelihoods is not None and evaluation.lengths is not None
    return np.stack([-evaluation.log_likelihoods, evaluation.lengths], axis=1)


NLL = Metric("nll", -1, "log_likelihoods", _outcomes, extremes=spread_extremes)
