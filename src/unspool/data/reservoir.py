"""Reservoir sampling: every item of a stream has the same chance, and the same stream gives the same sample."""

from __future__ import annotations

import random
from collections.abc import Iterable
from typing import Generic, TypeVar

T = TypeVar("T")

# The size of a sample of rows, where all rows would take too long.
SAMPLE = 5000


class Reservoir(Generic[T]):
    """Holds at most `size` of the items offered (Vitter 1985, algorithm R)."""

    def __init__(self, size: int = SAMPLE) -> None:
        self.items: list[T] = []
        self._size, self._offered, self._chance = size, 0, random.Random(0)

    def offer(self, item: T) -> None:
        """Offer an item, which is kept or not."""
        self._offered += 1
        if len(self.items) < self._size:
            self.items.append(item)
        elif (place := int(self._chance.random() * self._offered)) < self._size:
            self.items[place] = item


def sample(items: Iterable[T], size: int = SAMPLE) -> list[T]:
    """A random sample of at most `size` items."""
    kept: Reservoir[T] = Reservoir(size)
    for item in items:
        kept.offer(item)
    return kept.items
