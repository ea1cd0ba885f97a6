"""Sampling: at every step a continuation is drawn from the distribution.

Symbols are drawn by `distributions.categorical` with temperature, top-k and top-p. Real values are drawn by the
density's `sample` with a temperature and a bias. A draw depends only on the random seed, the source's number, the
number of the sample and the step. It does not depend on the batch or the number of samples, nor on the stepper, except
for rounding at the boundary between two symbols.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from unspool.config import DecodingConfig
from unspool.decoding.hypothesis import Hypothesis
from unspool.decoding.rollout import Choose, rollout
from unspool.distributions.categorical import draw, keep_nucleus, temper
from unspool.errors import Mistake
from unspool.types import FIRST_EMITTED, Array, Distribution, Question, Sequences, StepAnswer, Stepper


def decode_sample(
    stepper: Stepper, source: Sequences[Array], settings: DecodingConfig, numbers: Sequence[int]
) -> list[list[Hypothesis]]:
    """`settings.n_best` samples of each source in the order of drawing; `score` is the model's own, at temperature 1.

    numbers: `[B]` the sources' numbers, each with its own random stream
    """
    streams = Streams(settings.seed, numbers, settings.n_best)
    if stepper.distribution is None:
        question, choose = (
            Question(top_k=settings.top_k, everything=settings.top_k is None),
            _symbols(settings, streams),
        )
    else:
        question, choose = Question(everything=True), _values(stepper.distribution, settings, streams)
    return rollout(stepper, source, question, choose, max_length=settings.max_length, copies=settings.n_best)


class Streams:
    """Uniform numbers in [0, 1) for each path: path p is copy p % copies of source p // copies."""

    def __init__(self, seed: int, numbers: Sequence[int], copies: int) -> None:
        self._streams = [np.random.default_rng([seed, number, copy]) for number in numbers for copy in range(copies)]

    def take(self, paths: Array, count: int) -> Array:
        """The next `count` numbers of each of these paths, `[P, count]`."""
        return np.stack([self._streams[path].random(count) for path in paths])


def weights(log_probs: Array, settings: DecodingConfig) -> Array:
    """The weights for drawing from log-probabilities `[R, C]`; 0 for classes that are left out."""
    tempered = temper(log_probs, settings.temperature)
    return tempered if settings.top_p == 1 else keep_nucleus(tempered, settings.top_p)


def _symbols(settings: DecodingConfig, streams: Streams) -> Choose:
    """Draw from the k best continuations, or from all.

    Cumulative weights are in the order of the items, not of their ranks, because rounding may exchange the ranks of
    two equally good continuations between two steppers.
    """
    if settings.bias:
        raise Mistake("A bias is for ink and real values, and this model writes symbols.", "Use --temperature below 1.")

    def choose(answer: StepAnswer, rows: Array, paths: Array) -> tuple[Array, Array]:
        [uniforms] = streams.take(paths, 1).T
        if settings.top_k is None:
            columns = draw(weights(answer.whole, settings), rows, uniforms)
            return columns + FIRST_EMITTED, answer.whole[rows, columns]
        items, log_probs = answer.best
        order = np.argsort(items, axis=1)
        places = draw(np.take_along_axis(weights(log_probs, settings), order, axis=1), rows, uniforms)
        columns = order[rows, places]
        return items[rows, columns], log_probs[rows, columns]

    return choose


def _values(distribution: Distribution, settings: DecodingConfig, streams: Streams) -> Choose:
    """Draw from a density."""
    if settings.top_k is not None or settings.top_p < 1:
        what = "Top-k and top-p are for symbols, and this model writes real values."
        raise Mistake(what, "Leave out --top-k and --top-p; --temperature below 1 favours likely values.")

    def choose(answer: StepAnswer, rows: Array, paths: Array) -> tuple[Array, Array]:
        parameters = answer.whole[rows]
        uniforms = streams.take(paths, distribution.count_uniforms(parameters.shape[1]))
        values = distribution.sample(parameters, uniforms, settings.temperature, settings.bias).astype(np.float32)
        return values, distribution.log_prob(parameters, values)

    return choose
