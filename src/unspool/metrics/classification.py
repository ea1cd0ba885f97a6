"""How well labels are told apart: one label for each source, or one for each of its items.

Where a source has several right answers, an answer is compared with the one that it agrees with most.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import NamedTuple

import numpy as np

from unspool.metrics.significance import RESAMPLES, SEED, Estimate, percentiles, ratio, resampled_sums
from unspool.types import Array

Labels = Sequence[Hashable]


class Confusion(NamedTuple):
    """How often each label was taken for each: `counts` `[C, C]` by right label, then by the one given."""

    labels: list[str]
    counts: Array


def aligned(predictions: Sequence[Labels], references: Sequence[Sequence[Labels]]) -> list[list[tuple[str, str]]]:
    """Of each source, for each item the right label and the one given; "" where an answer ends too soon."""
    return [_nearest(guess, listed) for guess, listed in zip(predictions, references, strict=True)]


def accuracy(items: Sequence[Sequence[tuple[str, str]]], *, resamples: int = RESAMPLES, seed: int = SEED) -> Estimate:
    """The share of all items that have the right label, in percent; sources are resampled whole."""
    right = np.array([sum(true == given for true, given in source) for source in items], dtype=np.int64)
    return ratio(right, np.array([len(source) for source in items]), resamples=resamples, seed=seed)


def macro_f1(items: Sequence[Sequence[tuple[str, str]]], *, resamples: int = RESAMPLES, seed: int = SEED) -> Estimate:
    """The mean of the F1 of all labels that are right or given somewhere, in percent, each label counting the same."""
    counts = _counts(items)
    value = 100 * float(_mean_f1(counts.sum(0, keepdims=True))[0])
    if not resamples:
        return Estimate(value, None)
    low, high = percentiles(100 * _mean_f1(resampled_sums(counts, resamples=resamples, seed=seed)))
    return Estimate(value, (low, high))


def confusion(items: Sequence[Sequence[tuple[str, str]]]) -> Confusion:
    """All labels against all labels."""
    numbers = _numbers(items)
    counts = np.zeros((len(numbers), len(numbers)), dtype=np.int64)
    for source in items:
        for true, given in source:
            counts[numbers[true], numbers[given]] += 1
    return Confusion(list(numbers), counts)


def _nearest(prediction: Labels, references: Sequence[Labels]) -> list[tuple[str, str]]:
    def pairs(answer: Labels) -> list[tuple[str, str]]:
        given = [*map(str, prediction), *[""] * len(answer)]
        return list(zip(map(str, answer), given, strict=False))

    return max(map(pairs, references), key=lambda pair: sum(true == given for true, given in pair))


def _numbers(items: Sequence[Sequence[tuple[str, str]]]) -> dict[str, int]:
    """Every label that is right or given, in alphabetical order."""
    labels = {label for source in items for pair in source for label in pair}
    return {label: number for number, label in enumerate(sorted(labels))}


def _counts(items: Sequence[Sequence[tuple[str, str]]]) -> Array:
    """`[N, 2C]` of each source: how often each label was given rightly, and how often it was right plus given."""
    numbers = _numbers(items)
    counts = np.zeros((len(items), 2, len(numbers)))
    for row, source in zip(counts, items, strict=True):
        for true, given in source:
            row[0, numbers[true]] += true == given
            row[1, numbers[true]] += 1
            row[1, numbers[given]] += 1
    return counts.reshape(len(items), -1)


def _mean_f1(counts: Array) -> Array:
    """`[n]` of summed counts `[n, 2C]`: F1 = 2·right / (right + given), over the labels that occur."""
    both, either = np.split(counts, 2, axis=1)
    f1 = 2 * both / np.maximum(either, 1)
    means: Array = f1.sum(1) / np.maximum((either > 0).sum(1), 1)
    return means
