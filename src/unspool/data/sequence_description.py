"""The description of sequences of real values by `unspool describe`: lengths, features, labels, and a model."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from unspool.data.arrays import Arrays
from unspool.data.column_stats import Lengths, lengths_of
from unspool.fields.field import Raw
from unspool.text.labels import label_counts
from unspool.types import Array


@dataclass(frozen=True, slots=True)
class Features:
    """The features of a side's steps, `[F]` each: their means, standard deviations, least and greatest values."""

    mean: Array
    deviation: Array
    least: Array
    greatest: Array

    @property
    def constant(self) -> int:
        """How many of them never change."""
        return int(np.count_nonzero(self.least == self.greatest))


@dataclass(frozen=True, slots=True)
class SequenceSide:
    """One side: lengths in steps or in characters, and its features if it is real values.

    labels: how often each label occurs, the most frequent first; None if the side is no labels
    """

    lengths: Lengths
    features: Features | None
    labels: dict[str, int] | None


@dataclass(frozen=True, slots=True)
class SequenceDescription:
    """The description of pairs with real values. target: None if there are only sources."""

    pairs: int
    source: SequenceSide
    target: SequenceSide | None

    def settings(self) -> list[str]:
        """The model that suits the data."""
        return ["--model classifier"] if self.target and self.target.labels else []

    def warnings(self) -> Iterator[str]:
        """What may be a slip."""
        if self.target is None:
            yield "There are no targets: a model can answer these sequences, and not learn from them."
        for name, side in (("source", self.source), ("target", self.target)):
            if side and side.features and side.features.constant:
                yield f"Features of the {name} that never change: {side.features.constant:,}."
            if side and side.features and side.lengths.minimum == 1:
                yield f"The shortest {name} has a single step."


def describe_sequences(arrays: Arrays) -> SequenceDescription:
    """Describe pairs in memory."""
    has_targets = any(len(target) for target in arrays.targets)
    target = _side(arrays.targets) if has_targets else None
    return SequenceDescription(len(arrays.sequences), _side(arrays.sequences), target)


def _side(items: Sequence[Raw]) -> SequenceSide:
    lengths = lengths_of(Counter(map(len, items)))
    if not isinstance(items[0], np.ndarray):
        found = label_counts(items)
        return SequenceSide(lengths, None, found and dict(Counter(found).most_common()))
    rows = np.concatenate(items)
    return SequenceSide(lengths, Features(rows.mean(0), rows.std(0), rows.min(0), rows.max(0)), None)
