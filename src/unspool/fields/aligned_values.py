"""Real values `[S, F]`, one step for each item of the source: the frames of another voice, forces at each instant."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from unspool.errors import Mistake
from unspool.fields.aligned import Aligned
from unspool.fields.field import Item, Raw
from unspool.fields.values import ValuesField
from unspool.plural import counted
from unspool.types import Array

ALIGNED = "This model writes one step for each item of the source: align the two, or choose a model such as luong."


class AlignedValuesField(Aligned, ValuesField):
    """As `ValuesField`, with one step for each item of the source."""

    kind = "aligned_values"
    stored = kind

    def check(self, raw: Raw, item: Item, source: Item) -> Item:
        """The target must have one step for each item of the source."""
        if len(item) != len(source):
            what = f"The source has {counted(len(source), 'item', 'items')}"
            raise Mistake(f"{what}, and the target {counted(len(item), 'step', 'steps')}.", ALIGNED)
        return item

    def check_many(self, source_lengths: Array, lengths: Array, lines: Sequence[int]) -> None:
        """See `Field.check_many`."""
        for number in map(int, np.flatnonzero(source_lengths != lengths)):
            what = f"Sequence {lines[number]}: {counted(int(source_lengths[number]), 'item', 'items')} in the source"
            raise Mistake(f"{what}, and {counted(int(lengths[number]), 'step', 'steps')} in the target.", ALIGNED)
