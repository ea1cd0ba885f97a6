"""Mean negative log-likelihood, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from unspool.metrics.evaluation import Evaluation
from unspool.metrics.nll import NLL


def test_steps_weigh_alike_and_a_density_above_one_is_below_zero() -> None:
    def nll(log_likelihoods: list[float], steps: list[int]) -> float:
        return NLL.value(NLL.outcomes(Evaluation(log_likelihoods=np.array(log_likelihoods), lengths=np.array(steps))))

    assert nll([-8.0, -3.0], [1, 9]) == pytest.approx(1.1)
    assert nll([6.0], [3]) == pytest.approx(-2)


def test_nats_are_those_of_the_density() -> None:
    """Of a standard normal's own draws: ½ ln 2πe a step."""
    draws = np.random.default_rng(0).normal(size=(200, 50))
    log_likelihoods = (-0.5 * draws**2 - 0.5 * np.log(2 * np.pi)).sum(axis=1)
    rows = NLL.outcomes(Evaluation(log_likelihoods=log_likelihoods, lengths=np.full(200, 50)))
    assert NLL.value(rows) == pytest.approx(0.5 * np.log(2 * np.pi * np.e), abs=0.03)
