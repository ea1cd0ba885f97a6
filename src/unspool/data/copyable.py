"""Texts whose symbols can be copied, as ids: what is read, and the same as it would be written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np

from unspool.text.copying import Copier
from unspool.types import Array, Copyable


class Encoded(NamedTuple):
    """Pairs one behind the other, and how many symbols are each one's `[n]`.

    copies:  of the sources, cut already; written: of the targets
    """

    copies: Array
    copies_lengths: Array
    written: Array
    written_lengths: Array


def encode_copyable(copier: Copier, sources: Sequence[str], targets: Sequence[str], most: int) -> Encoded:
    """Sources of at most `most` symbols in the target vocabulary, and targets with what they can copy of them."""
    copies, written = [], []
    for source, target in zip(sources, targets, strict=True):
        ids, unknown = copier.read(source, most)
        copies.append(ids)
        written.append(copier.write(target, unknown))
    return Encoded(*_flat(copies), *_flat(written))


def read_copyable(copier: Copier, texts: Sequence[str], most: int) -> Iterator[Copyable]:
    """Sources to answer; what is cut of them cannot be copied, but is still there for whoever cuts it."""
    for text in texts:
        ids = np.array(copier.source.encode(text), dtype=np.int64)
        copies = np.zeros_like(ids)
        numbered, beyond = copier.read(text, most)
        copies[: len(numbered)] = numbered
        yield Copyable(ids, copies, tuple(beyond))


def _flat(rows: list[list[int]]) -> tuple[Array, Array]:
    lengths = np.fromiter(map(len, rows), np.int64, len(rows))
    return np.fromiter(chain.from_iterable(rows), np.int64, lengths.sum()), lengths
