"""Greedy search: at every step the best continuation; for real values, the mode."""

from __future__ import annotations

import numpy as np

from unspool.decoding.hypothesis import Hypothesis
from unspool.decoding.rollout import rollout
from unspool.types import Array, Question, Sequences, StepAnswer, Stepper


def decode_greedy(stepper: Stepper, source: Sequences[Array], max_length: int) -> list[Hypothesis]:
    """The greedy answer to each source.

    max_length: maximum number of steps, EOS included. A finished sentence leaves the batch at once.
    """
    distribution = stepper.distribution

    def take_best(answer: StepAnswer, rows: Array, paths: Array) -> tuple[Array, Array]:
        items, log_probs = answer.best
        return items[rows, 0], log_probs[rows, 0]

    def take_mode(answer: StepAnswer, rows: Array, paths: Array) -> tuple[Array, Array]:
        assert distribution is not None
        parameters = answer.whole[rows]
        values = distribution.mode(parameters).astype(np.float32)
        return values, distribution.log_prob(parameters, values)

    if distribution is None:
        found = rollout(stepper, source, Question(top_k=1), take_best, max_length=max_length)
    else:
        found = rollout(stepper, source, Question(everything=True), take_mode, max_length=max_length)
    return [answer for (answer,) in found]
