"""Ragged arrays side by side: padded to one length, with the lengths beside them."""

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
    """Rows, ids `[S]` or values `[S, F]`, as one array, zero (PAD) beyond each row's length.

    Ids come out as int64, values as float32. There is at least one column: recurrent kernels refuse an array without.
    """
    lengths = np.array([len(row) for row in rows], dtype=np.int64)
    values = np.full((len(rows), int(lengths.max(initial=1)), *inner_shape(rows)), PAD, dtype=padded_type(rows))
    for padded, row in zip(values, rows, strict=True):
        padded[: len(row)] = row
    return Sequences(values, lengths)


def inner_shape(rows: Sequence[Array]) -> tuple[int, ...]:
    """What each item of the rows is shaped like: `()` for ids, `(F,)` for values."""
    return rows[0].shape[1:] if rows else ()


def padded_type(rows: Sequence[Array]) -> type[np.int64] | type[np.float32]:
    """The type in which a network gets these rows."""
    return np.float32 if rows and rows[0].dtype.kind == "f" else np.int64


def flatten(rows: Sequence[Sequence[int]]) -> Flat:
    """Lists of ids, one after the other."""
    lengths = np.fromiter(map(len, rows), np.int64, len(rows))
    return Flat(np.fromiter((number for row in rows for number in row), np.int64, int(lengths.sum())), lengths)


def cut_flat(flat: Flat, most: int) -> tuple[Flat, Array]:
    """The first `most` items of each sequence; and which of the sequences `[n]` are still whole."""
    values, lengths = flat
    place = np.arange(len(values)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    return Flat(values[place < most], np.minimum(lengths, most)), lengths <= most


def keep_flat(flat: Flat, kept: Array) -> Flat:
    """The sequences where `kept` `[n]` is True."""
    return Flat(flat.values[np.repeat(kept, flat.lengths)], flat.lengths[kept])
