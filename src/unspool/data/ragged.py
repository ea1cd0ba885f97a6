"""Ragged arrays: many sequences of ids or of real values in one flat array."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from typing import Any

import numpy as np

from unspool.fields.field import Field
from unspool.fields.padding import Flat
from unspool.types import PAD, Array, Sequences


@dataclass(frozen=True, slots=True)
class Ragged:
    """Sequence i is `values[offsets[i] : offsets[i + 1]]`.

    values:  flat, `[Σ]` ids of the smallest unsigned type that fits, or `[Σ, F]` float32
    offsets: `[n + 1]` of 4 bytes each, or 8 if 4 are too few
    """

    values: Array
    offsets: Array

    def __len__(self) -> int:
        """The number of sequences."""
        return len(self.offsets) - 1

    def __getitem__(self, number: int) -> Array:
        """One sequence, a view."""
        if not 0 <= number < len(self):
            raise IndexError(number)
        return self.values[self.offsets[number] : self.offsets[number + 1]]

    def lengths(self) -> Array:
        """`[n]` uint32."""
        return np.diff(self.offsets).astype(np.uint32, copy=False)

    def padded(self, indices: Array) -> Sequences[Array]:
        """The sequences `indices [B]`, zero after their ends: ids as int64 `[B, S]`, values as float32 `[B, S, F]`."""
        begin = self.offsets[indices].astype(np.int64)
        lengths = self.offsets[indices + 1] - begin
        steps = np.arange(max(1, lengths.max(initial=0)))  # as `fields.padding.pad`
        real = steps < lengths[:, None]
        dtype = np.float32 if self.values.dtype.kind == "f" else np.int64
        values = np.full((*real.shape, *self.values.shape[1:]), PAD, dtype=dtype)
        values[real] = self.values[(begin[:, None] + steps)[real]]
        return Sequences(values, lengths)


class RaggedBuilder:
    """Builds a `Ragged` from many sequences at a time, without a Python object for each."""

    def __init__(self, dtype: np.dtype[Any], shape: tuple[int, ...] = ()) -> None:
        """dtype, shape: the type and shape of one item."""
        self._dtype, self._shape = dtype, shape
        self._values, self._lengths = array("B"), array("B")

    def extend(self, flat: Flat) -> None:
        """Add sequences."""
        self._values.frombytes(flat.values.astype(self._dtype).tobytes())
        self._lengths.frombytes(flat.lengths.astype(np.uint32).tobytes())

    def build(self) -> Ragged:
        """All sequences so far, without copying their items; nothing can be added afterwards."""
        values, lengths = np.frombuffer(self._values, self._dtype), np.frombuffer(self._lengths, np.uint32)
        offsets = np.zeros(len(lengths) + 1, dtype=np.uint32 if len(values) < 1 << 32 else np.int64)
        np.cumsum(lengths, out=offsets[1:])
        return Ragged(values.reshape(-1, *self._shape), offsets)


@dataclass(frozen=True, slots=True)
class EncodedSide:
    """One side of a corpus: its field, and the arrays of all its items."""

    field: Field
    parts: tuple[Ragged, ...]

    def __len__(self) -> int:
        """The number of items."""
        return len(self.parts[0])

    def __getitem__(self, number: int) -> Array:
        """The first part of one item."""
        return self.parts[0][number]

    def lengths(self) -> Array:
        """`[n]` lengths of the items."""
        return self.parts[0].lengths()

    def padded(self, indices: Array) -> Sequences[Array]:
        """These items as one side of a batch."""
        return self.field.join([part.padded(indices) for part in self.parts])
