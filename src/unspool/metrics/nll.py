"""Mean negative log-likelihood in nats a step, `-Σ ln p / Σ steps`, or a sequence; for a density it may be negative.

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


def _outcomes_of_sequences(evaluation: Evaluation) -> Array:
    """`[N, 2]`: the nats of each example, and 1."""
    nats = _outcomes(evaluation)[:, 0]
    return np.stack([nats, np.ones_like(nats)], axis=1)


# As Graves 2013 (arXiv:1308.0850) has it in tables 4 and 5: nats a line of handwriting.
NLL_PER_SEQUENCE = Metric("nll_per_sequence", -1, "log_likelihoods", _outcomes_of_sequences, extremes=spread_extremes)
