"""Many sequences of ids, or of real values, in one flat array."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from unspool.types import PAD, Array, Sequences, pad_sources


@dataclass(frozen=True, slots=True)
class Ragged:
    """Sequence i is `ids[offsets[i] : offsets[i + 1]]`.

    ids:     flat, of the smallest unsigned type that fits
    offsets: `[n + 1]` of 4 bytes each, or 8 where that does not reach
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
        """`[n]` uint32."""
        return np.diff(self.offsets).astype(np.uint32, copy=False)

    def padded(self, indices: Array) -> Sequences[Array]:
        """The sequences `indices [B]` as int64 `[B, S]`, PAD beyond their lengths."""
        begin = self.offsets[indices].astype(np.int64)
        lengths = self.offsets[indices + 1] - begin
        steps = np.arange(max(1, lengths.max(initial=0)))  # as `types.pad`
        real = steps < lengths[:, None]
        values = np.full(real.shape, PAD, dtype=np.int64)
        values[real] = self.ids[(begin[:, None] + steps)[real]]
        return Sequences(values, lengths)


@dataclass(frozen=True, slots=True)
class RaggedValues:
    """The same of real values: sequence i is `values[offsets[i] : offsets[i + 1]]`.

    values:  `[ΣS, F]` float32
    offsets: `[n + 1]`
    """

    values: Array
    offsets: Array

    @classmethod
    def of(cls, sequences: Sequence[Array]) -> RaggedValues:
        """From sequences `[S, F]`, at least one."""
        return cls(np.concatenate(sequences), np.cumsum([0, *map(len, sequences)]))

    def __len__(self) -> int:
        """How many sequences."""
        return len(self.offsets) - 1

    def __getitem__(self, number: int) -> Array:
        """One sequence, a view."""
        if not 0 <= number < len(self):
            raise IndexError(number)
        return self.values[self.offsets[number] : self.offsets[number + 1]]

    def lengths(self) -> Array:
        """`[n]` uint32."""
        return np.diff(self.offsets).astype(np.uint32)

    def padded(self, indices: Array) -> Sequences[Array]:
        """The sequences `indices [B]` as `[B, S, F]`, zero beyond their lengths."""
        return pad_sources([self[number] for number in indices])


class RaggedBuilder:
    """Grows a `Ragged` by many sequences at a time without a Python object for each."""

    def __init__(self, symbols: int) -> None:
        """`symbols`: ids are below this."""
        dtype = np.min_scalar_type(max(symbols - 1, 0))
        self._dtype = dtype
        self._ids, self._lengths = array("B"), array("B")

    def extend(self, ids: Array, lengths: Array) -> None:
        """Add sequences whose ids `[Σ lengths]` stand one behind the other."""
        self._ids.frombytes(ids.astype(self._dtype).tobytes())
        self._lengths.frombytes(lengths.astype(np.uint32).tobytes())

    def build(self) -> Ragged:
        """All sequences so far, their ids without a copy; nothing can be added afterwards."""
        ids, lengths = np.frombuffer(self._ids, self._dtype), np.frombuffer(self._lengths, np.uint32)
        offsets = np.zeros(len(lengths) + 1, dtype=np.uint32 if len(ids) < 1 << 32 else np.int64)
        np.cumsum(lengths, out=offsets[1:])
        return Ragged(ids, offsets)
