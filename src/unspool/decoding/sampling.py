"""Sampling: at every step a continuation drawn with its probability.

In this order: the temperature divides the log-probabilities, top-k keeps the k likeliest continuations, top-p the
fewest likeliest whose probability among those reaches p (Holtzman et al. 2020); what is left is drawn from in
proportion. A draw belongs to the seed, the source's number and the number of the sample alone: neither who shares the
batch nor how many samples are drawn changes it, nor does the stepper, rounding at the edge of a draw aside.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from unspool.config import DecodingConfig
from unspool.decoding.hypothesis import Hypothesis
from unspool.decoding.walk import walk
from unspool.types import Array, Choices, Sequences, Stepper

# More continuations than any vocabulary has: a stepper gives as many as there are.
ALL = 2**31 - 1


def sample(
    stepper: Stepper, source: Sequences[Array], settings: DecodingConfig, numbers: Sequence[int]
) -> list[list[Hypothesis]]:
    """`settings.n_best` samples of each source in the order of drawing; `score` is the model's own, untempered.

    numbers: `[B]` of the sources, each with its own stream of draws
    """
    streams = [np.random.default_rng([settings.seed, b, copy]) for b in numbers for copy in range(settings.n_best)]
    uniform = np.stack([stream.random(settings.max_length) for stream in streams])

    def draw(choices: Choices, rows: Array, paths: Array, step: int) -> Array:
        return drawn(choices.items, weights(choices.log_probs, settings), rows, uniform[paths, step])

    n = settings.top_k or ALL
    return walk(stepper, source, n=n, choose=draw, max_length=settings.max_length, copies=settings.n_best)


def weights(log_probs: Array, settings: DecodingConfig) -> Array:
    """What `[R, n]` log-probabilities, best first, are drawn in proportion to; 0 for what is left out."""
    exact = log_probs.astype(np.float64)
    with np.errstate(over="ignore", invalid="ignore"):  # a row that cannot go on, and temperatures near 0
        likely = np.where(exact > -np.inf, np.exp((exact - exact[:, :1]) / settings.temperature), 0.0)
    likely[:, settings.top_k or likely.shape[1] :] = 0.0
    before = np.cumsum(likely, axis=1) - likely
    return np.where(before < settings.top_p * likely.sum(axis=1, keepdims=True), likely, 0.0)


def drawn(items: Array, likely: Array, rows: Array, uniform: Array) -> Array:
    """The columns `[P]` that numbers `[P]` in [0, 1) draw from rows `[P]` of weights `[R, n]`.

    Weights are laid end to end in the order of their items, not of their ranks: two steppers may round so that two
    equally good continuations change places.
    """
    order = np.argsort(items, axis=1)
    edges = np.cumsum(np.take_along_axis(likely, order, axis=1), axis=1)[rows]
    points = np.minimum(uniform * edges[:, -1], np.nextafter(edges[:, -1], 0.0))
    places = np.minimum((edges <= points[:, None]).sum(axis=1), edges.shape[1] - 1)
    columns: Array = order[rows, places]
    return columns
