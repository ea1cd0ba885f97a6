"""Hashes of texts as 64-bit numbers, the same on every machine, to compare millions of texts in little memory."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from hashlib import blake2b

import numpy as np

from unspool.types import Array


def hash_columns(columns: Sequence[str]) -> int:
    """A hash of a row's columns, uniform over 64 bits."""
    return int.from_bytes(blake2b("\t".join(columns).encode(), digest_size=8).digest(), "big")


def distinct_hashes(values: Array) -> Array:
    """The distinct ones of `values` `[n]`, sorted; sorts `values` in place, as `np.unique` needs far more memory."""
    values.sort()
    first = np.ones(len(values), dtype=bool)
    np.not_equal(values[1:], values[:-1], out=first[1:])
    return values[first]


def hashes(rows: Iterable[Sequence[str]]) -> Array:
    """The hash of each row as uint64 `[n]`; 8 bytes a row."""
    return np.frombuffer(array("Q", map(hash_columns, rows)), dtype=np.uint64)
