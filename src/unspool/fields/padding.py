"""Ragged and padded arrays of sequences, with their lengths."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from unspool.types import PAD, Array, Sequences


class Flat(NamedTuple):
    """Many sequences, one after the other: `values` `[Σ lengths, …]` and `lengths` `[n]`."""

    values: Array
    lengths: Array


def pad(rows: Sequence[Array]) -> Sequences[Array]:
    """Rows, ids `[S]` or values `[S, F]`, as one array, zero (PAD) after each row's end.

    Ids become int64, values float32. There is at least one column, because recurrent kernels refuse an empty axis.
    """
    lengths = np.array([len(row) for row in rows], dtype=np.int64)
    values = np.full((len(rows), int(lengths.max(initial=1)), *inner_shape(rows)), PAD, dtype=padded_type(rows))
    for padded, row in zip(values, rows, strict=True):
        padded[: len(row)] = row
    return Sequences(values, lengths)


def inner_shape(rows: Sequence[Array]) -> tuple[int, ...]:
    """The shape of each item of the rows: `()` for ids, `(F,)` for values."""
    return rows[0].shape[1:] if rows else ()


def padded_type(rows: Sequence[Array]) -> type[np.int64] | type[np.float32]:
    """The type of these rows in a batch."""
    return np.float32 if rows and rows[0].dtype.kind == "f" else np.int64


def flatten(rows: Sequence[Sequence[int]]) -> Flat:
    """Lists of ids, one after the other."""
    lengths = np.fromiter(map(len, rows), np.int64, len(rows))
    return Flat(np.fromiter((number for row in rows for number in row), np.int64, int(lengths.sum())), lengths)


def cut_flat(flat: Flat, most: int) -> tuple[Flat, Array]:
    """The first `most` items of each sequence, and which of the sequences `[n]` were not cut."""
    values, lengths = flat
    place = np.arange(len(values)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    return Flat(values[place < most], np.minimum(lengths, most)), lengths <= most


def keep_flat(flat: Flat, kept: Array) -> Flat:
    """The sequences where `kept` `[n]` is True."""
    return Flat(flat.values[np.repeat(kept, flat.lengths)], flat.lengths[kept])
