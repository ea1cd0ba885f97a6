"""Right labels aligned with predicted ones: one for each source, or one for each of its items.

If a source has several references, an answer is compared with the one that it agrees with most.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from unspool.metrics.evaluation import Symbols

# For each source, pairs of the right label and the predicted label of each item.
Aligned: TypeAlias = Sequence[Sequence[tuple[str, str]]]


def align(answers: Sequence[Symbols], references: Sequence[Sequence[Symbols]]) -> Aligned:
    """For each source, pairs of the right and the predicted label of each item; "" after the end of a short answer."""
    return [_nearest(answer, listed) for answer, listed in zip(answers, references, strict=True)]


def number_labels(items: Aligned) -> dict[str, int]:
    """Numbers of all right and predicted labels, in alphabetical order."""
    labels = {label for source in items for pair in source for label in pair}
    return {label: number for number, label in enumerate(sorted(labels))}


def _nearest(answer: Symbols, references: Sequence[Symbols]) -> list[tuple[str, str]]:
    def pairs(reference: Symbols) -> list[tuple[str, str]]:
        given = [*map(str, answer), *[""] * len(reference)]
        return list(zip(map(str, reference), given, strict=False))

    return max(map(pairs, references), key=lambda pair: sum(true == given for true, given in pair))
