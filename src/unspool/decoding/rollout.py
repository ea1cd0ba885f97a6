"""Decoding with one continuation of every row: the loop of greedy search and sampling."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from unspool.decoding.history import BackPointers, Finished, extents, is_last, trace
from unspool.decoding.hypothesis import Hypothesis
from unspool.types import Array, Distribution, Question, Sequences, StepAnswer, Stepper

# Items `[P]` (`[P, F]` for real values) and their log-probabilities `[P]`, for paths `[P]` that are at rows `[P]`.
Choose: TypeAlias = Callable[[StepAnswer, Array, Array], tuple[Array, Array]]


def rollout(
    stepper: Stepper,
    source: Sequences[Array],
    question: Question,
    choose: Choose,
    *,
    max_length: int,
    copies: int = 1,
) -> list[list[Hypothesis]]:
    """`copies` answers to each source, in the order of the copies; path p is copy p % copies of source p // copies.

    question:   what `choose` needs from each step
    max_length: maximum number of steps, EOS included. A finished path leaves the batch at once
    """
    cursor = stepper.open(source)
    rows = np.repeat(np.arange(len(source.lengths)), copies)  # copies share a row until the first step
    paths, sums = np.arange(len(rows)), np.zeros(len(rows))
    history: list[BackPointers] = []
    ends: dict[int, Finished] = {}
    while len(paths) and len(history) < max_length:
        answer, cursor = stepper.step(cursor, question)
        items, log_probs = choose(answer, rows, paths)
        totals = sums + log_probs
        possible = totals > -np.inf
        ended = possible & _ended(items, None if answer.done is None else answer.done[rows], stepper.distribution)
        for p in np.flatnonzero(~possible):
            ends[int(paths[p])] = Finished(len(history), int(rows[p]), None, float(sums[p]), complete=False)
        for p in np.flatnonzero(ended):
            ends[int(paths[p])] = Finished(len(history), int(rows[p]), items[p], float(totals[p]), complete=True)
        kept = np.flatnonzero(possible & ~ended)
        history.append(BackPointers(rows[kept], items[kept], answer.attention))
        if len(kept):
            cursor = stepper.select(cursor, rows[kept], rows[kept], items[kept])
        rows, paths, sums = np.arange(len(kept)), paths[kept], totals[kept]
    for row, path in enumerate(paths):
        ends[int(path)] = Finished(len(history), row, None, float(sums[row]), complete=False)
    return [
        [trace(history, ends[b * copies + copy], extent) for copy in range(copies)]
        for b, extent in enumerate(extents(source))
    ]


def _ended(items: Array, done: Array | None, distribution: Distribution | None) -> Array:
    """`[P]` True if a path ends; real values have no EOS, but some densities have an ending."""
    if distribution is None:
        return is_last(items, done)
    last = distribution.ending is not None and items[:, -1] == distribution.ending
    return np.zeros(len(items), dtype=bool) | last | (False if done is None else done)
