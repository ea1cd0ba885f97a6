"""Greedy search: at every step the best continuation."""

from __future__ import annotations

import numpy as np

from unspool.decoding.history import End, Layer, last, trace
from unspool.decoding.hypothesis import Hypothesis
from unspool.types import Array, Sequences, Stepper


def greedy(stepper: Stepper, source: Sequences[Array], max_length: int) -> list[Hypothesis]:
    """The greedy answer to each source.

    max_length: steps at most, EOS counted. A finished sentence leaves the batch at once.
    """
    cursor = stepper.open(source)
    sentences = np.arange(len(source.lengths))
    sums = np.zeros(len(sentences))
    layers: list[Layer] = []
    ends: dict[int, End] = {}
    for step in range(max_length):
        choices, cursor = stepper.step(cursor, 1)
        items = choices.items[:, 0]
        totals = sums + choices.log_probs[:, 0]
        possible = totals > -np.inf
        ended = possible & last(items, choices.done)
        for row in np.flatnonzero(~possible):
            ends[int(sentences[row])] = End(step, int(row), None, float(sums[row]), finished=False)
        for row in np.flatnonzero(ended):
            ends[int(sentences[row])] = End(step, int(row), int(items[row]), float(totals[row]), finished=True)
        kept = np.flatnonzero(possible & ~ended)
        layers.append(Layer(kept, items[kept], choices.attention))
        sentences, sums = sentences[kept], totals[kept]
        if not len(kept):
            break
        cursor = stepper.select(cursor, kept, kept, items[kept])
    for place, sentence in enumerate(sentences):
        ends[int(sentence)] = End(len(layers), place, None, float(sums[place]), finished=False)
    return [trace(layers, ends[b], int(length)) for b, length in enumerate(source.lengths)]
