"""The most frequent label of each item between its two neighbours, or after the first, or alone: whatever was seen."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from unspool.fields.field import Raw
from unspool.rivals.rival import KnownPairs, Rival

# Items before and after the item that decide, the most telling first.
WIDTHS = ((1, 1), (1, 0), (0, 0))
# No item: before the first and after the last.
OUTSIDE = -1


class Tables:
    """The most frequent label by each context of an item."""

    def __init__(self, known: KnownPairs, widths: Sequence[tuple[int, int]]) -> None:
        self.fields, self.widths = known.fields, widths
        counts: dict[tuple[int, ...], Counter[int]] = defaultdict(Counter)
        for source, target in zip(known.sources, known.targets, strict=True):
            for contexts, label in zip(self._contexts(source.tolist()), target.tolist(), strict=True):
                for context in [*contexts, ()]:
                    counts[context][label] += 1
        self.labels = {context: counted.most_common(1)[0][0] for context, counted in counts.items()}

    def rival(self) -> Rival:
        """The rival that answers from these tables."""
        return Rival(len(self.labels), self.answer)

    def answer(self, raw: Raw) -> str:
        """The labels of all items, as text."""
        items = self.fields.source.encode(raw).tolist()
        labels = [
            next(self.labels[context] for context in [*contexts, ()] if context in self.labels)
            for contexts in self._contexts(items)
        ]
        return self.fields.target.decode(labels).text

    def _contexts(self, items: list[int]) -> Iterator[list[tuple[int, ...]]]:
        """The contexts of each item, the most telling first; each begins with its width, so that none are confused."""
        padded = [OUTSIDE, *items, OUTSIDE]
        for place in range(1, len(items) + 1):
            yield [(before, after, *padded[place - before : place + after + 1]) for before, after in self.widths]


def fit(known: KnownPairs) -> Rival:
    """Count the labels of each item in its contexts."""
    return Tables(known, WIDTHS).rival()
