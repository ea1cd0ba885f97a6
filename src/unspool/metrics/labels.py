"""Right labels aligned with predicted ones: one for each source, or one for each of its items.

If a source has several references, an answer is compared with the one that it agrees with most.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import TypeAlias

from unspool.metrics.evaluation import Symbols

# For each source, pairs of the right label and the predicted label of each item; None where one side has no more.
Aligned: TypeAlias = Sequence[Sequence[tuple[str | None, str | None]]]


def align(answers: Sequence[Symbols], references: Sequence[Sequence[Symbols]]) -> Aligned:
    """For each source, pairs of the right and the predicted label of each item. The longer side decides how many."""
    return [_nearest(answer, listed) for answer, listed in zip(answers, references, strict=True)]


def number_labels(items: Aligned) -> dict[str, int]:
    """Numbers of all right and predicted labels, in alphabetical order."""
    labels = {label for source in items for pair in source for label in pair if label is not None}
    return {label: number for number, label in enumerate(sorted(labels))}


def _nearest(answer: Symbols, references: Sequence[Symbols]) -> list[tuple[str | None, str | None]]:
    def pairs(reference: Symbols) -> list[tuple[str | None, str | None]]:
        return list(zip_longest(map(str, reference), map(str, answer)))

    return max(map(pairs, references), key=lambda pair: sum(true == given for true, given in pair) - len(pair))
