"""Greedy search: at every step the best continuation."""

from __future__ import annotations

import numpy as np

from unspool.decoding.hypothesis import Hypothesis
from unspool.decoding.walk import walk
from unspool.types import Array, Choices, Sequences, Stepper


def greedy(stepper: Stepper, source: Sequences[Array], max_length: int) -> list[Hypothesis]:
    """The greedy answer to each source.

    max_length: steps at most, EOS counted. A finished sentence leaves the batch at once.
    """
    return [answer for (answer,) in walk(stepper, source, n=1, choose=_best, max_length=max_length)]


def _best(choices: Choices, rows: Array, paths: Array, step: int) -> Array:
    return np.zeros(len(rows), dtype=np.int64)
