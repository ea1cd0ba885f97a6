"""Many sequences of ids in one flat array."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from unspool.types import PAD, Array, Sequences


@dataclass(frozen=True, slots=True)
class Ragged:
    """Sequence i is `ids[offsets[i] : offsets[i + 1]]`.

    ids:     flat, of the smallest unsigned type that fits
    offsets: `[n + 1]` int64
    """

    ids: Array
    offsets: Array

    def __len__(self) -> int:
        """How many sequences."""
        return len(self.offsets) - 1

    def __getitem__(self, number: int) -> Array:
        """One sequence, a view."""
        if not 0 <= number < len(self):
            raise IndexError(number)
        return self.ids[self.offsets[number] : self.offsets[number + 1]]

    def lengths(self) -> Array:
        """`[n]` int32."""
        return np.diff(self.offsets).astype(np.int32)

    def padded(self, indices: Array) -> Sequences[Array]:
        """The sequences `indices [B]` as int64 `[B, S]`, PAD beyond their lengths."""
        begin = self.offsets[indices]
        lengths = self.offsets[indices + 1] - begin
        steps = np.arange(max(1, lengths.max(initial=0)))  # as `types.pad`
        real = steps < lengths[:, None]
        values = np.full(real.shape, PAD, dtype=np.int64)
        values[real] = self.ids[(begin[:, None] + steps)[real]]
        return Sequences(values, lengths)


class RaggedBuilder:
    """Grows a `Ragged` sequence by sequence without a Python object for each."""

    def __init__(self, symbols: int) -> None:
        """`symbols`: ids are below this."""
        dtype = np.min_scalar_type(max(symbols - 1, 0))
        self._dtype = dtype
        self._ids = array({1: "B", 2: "H", 4: "I", 8: "Q"}[dtype.itemsize])
        self._offsets = array("q", [0])

    def append(self, ids: Iterable[int]) -> None:
        """Add one sequence."""
        self._ids.extend(ids)
        self._offsets.append(len(self._ids))

    def build(self) -> Ragged:
        """All sequences so far, without a copy; nothing can be appended afterwards."""
        return Ragged(np.frombuffer(self._ids, dtype=self._dtype), np.frombuffer(self._offsets, dtype=np.int64))
