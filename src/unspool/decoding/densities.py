"""The density of each step of an answer of real values, where each step is fed the mode of the one before.

If a model was trained in the same way (`training.feeding=free`), nothing that it is fed is random. Then the density of
a step is that of the value itself, whatever the steps before it became: a forecast needs no samples.
"""

from __future__ import annotations

import numpy as np

from unspool.decoding.rollout import rollout
from unspool.types import Array, Question, Sequences, StepAnswer, Stepper


def decode_densities(stepper: Stepper, source: Sequences[Array], steps: int) -> Array:
    """The parameters of the densities, `[B, T, P]`."""
    distribution = stepper.distribution
    assert distribution is not None
    found: list[Array] = []

    def take_mode(answer: StepAnswer, rows: Array, paths: Array) -> tuple[Array, Array]:
        parameters = answer.whole[rows]
        found.append(parameters)
        return distribution.mode(parameters).astype(np.float32), np.zeros(len(rows))

    rollout(stepper, source, Question(everything=True), take_mode, max_length=steps)
    return np.stack(found, axis=1)
