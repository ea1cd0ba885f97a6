"""Labels beside labels: one for each source, or one for each of its items.

Where a source has several right answers, an answer is compared with the one that it agrees with most.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from unspool.metrics.evaluation import Symbols

# Of each source, for each item the right label and the one given.
Aligned: TypeAlias = Sequence[Sequence[tuple[str, str]]]


def align(answers: Sequence[Symbols], references: Sequence[Sequence[Symbols]]) -> Aligned:
    """Of each source, for each item the right label and the one given; "" where an answer ends too soon."""
    return [_nearest(answer, listed) for answer, listed in zip(answers, references, strict=True)]


def number_labels(items: Aligned) -> dict[str, int]:
    """Every label that is right or given, in alphabetical order."""
    labels = {label for source in items for pair in source for label in pair}
    return {label: number for number, label in enumerate(sorted(labels))}


def _nearest(answer: Symbols, references: Sequence[Symbols]) -> list[tuple[str, str]]:
    def pairs(reference: Symbols) -> list[tuple[str, str]]:
        given = [*map(str, answer), *[""] * len(reference)]
        return list(zip(map(str, reference), given, strict=False))

    return max(map(pairs, references), key=lambda pair: sum(true == given for true, given in pair))
