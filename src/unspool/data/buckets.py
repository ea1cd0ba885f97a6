"""Batches of examples of similar length, within a budget of symbols, shuffled in each epoch.

The batches depend only on lengths, budget, seed and epoch, so a run can continue from any batch of any epoch. Examples
of equal lengths come in random order, and so do the batches.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from unspool.data.corpus import Corpus
from unspool.types import Array

# Batches have few distinct sizes, because kernels are compiled for each new shape, which takes as long as using them.
# A size is a multiple of the largest power of two that is at most MULTIPLE and at most a quarter of the size.
MULTIPLE = 32


@dataclass(frozen=True, slots=True)
class Batches:
    """The batches of one epoch.

    order:    `[n]` indices into the corpus, every example once
    bounds:   `[batches + 1]` where each batch begins in `order`
    sequence: `[batches]` the order in which the batches come
    """

    order: Array
    bounds: Array
    sequence: Array

    def __len__(self) -> int:
        """The number of batches."""
        return len(self.sequence)

    def __getitem__(self, number: int) -> Array:
        """The examples `[B]` of the batch at this position."""
        place = self.sequence[number]
        return self.order[self.bounds[place] : self.bounds[place + 1]]

    def __iter__(self) -> Iterator[Array]:
        """All batches, one after the other."""
        return (self[number] for number in range(len(self)))


def epoch_batches(corpus: Corpus, budget: int, seed: int, epoch: int) -> Batches:
    """The batches of an epoch: B examples with B·(longest source + longest target) <= budget, at least one each."""
    generator = np.random.default_rng([seed, epoch])
    # With millions of pairs every array is large, so each is deleted as soon as possible.
    key = _keys(corpus.sources.lengths(), corpus.targets.lengths(), generator)
    order = np.argsort(key, kind="stable").astype(np.uint32)
    del key
    bounds = _bounds(corpus.sources.lengths()[order], corpus.targets.lengths()[order], budget)
    return Batches(order, bounds, generator.permutation(len(bounds) - 1).astype(np.uint32))


def padding(corpus: Corpus, batches: Batches) -> float:
    """The share of cells in the padded batches, source and target together, that hold no symbol."""
    cells = real = 0
    sizes = np.diff(batches.bounds)
    for lengths in (corpus.sources.lengths(), corpus.targets.lengths()):
        longest = np.maximum.reduceat(lengths[batches.order], batches.bounds[:-1])
        cells += int(np.dot(longest.astype(np.int64), sizes))
        real += int(lengths.sum(dtype=np.int64))
    return 1 - real / cells


def _keys(source: Array, target: Array, generator: np.random.Generator) -> Array:
    """The 64-bit sort key of examples: source length, target length (rising and falling by turns), random bits."""
    assert max(source.max(initial=0), target.max(initial=0)) < 1 << 20
    key = source.astype(np.uint64) << 20
    # Rising and falling by turns: where one source length ends and the next begins, target lengths are similar.
    key |= np.where(source % 2 == 0, target, target.max(initial=0) - target)
    key <<= 24
    key |= generator.integers(1 << 24, size=len(source), dtype=np.uint32)
    return key


def _bounds(source: Array, target: Array, budget: int) -> Array:
    """The bounds of the batches of examples in order of length; each batch uses as much of the budget as possible."""
    bounds = [0]
    while bounds[-1] < len(source):
        begin = bounds[-1]
        most = max(1, budget // int(source[begin] + target[begin]))
        longest = np.maximum.accumulate(source[begin : begin + most]).astype(np.int64)
        longest += np.maximum.accumulate(target[begin : begin + most])
        fitting = int(np.searchsorted(longest * np.arange(1, len(longest) + 1), budget, side="right"))
        bounds.append(begin + _rounded(fitting))
    return np.array(bounds, dtype=np.int64)


def _rounded(size: int) -> int:
    multiple = min(MULTIPLE, 1 << max(0, (size // 4).bit_length() - 1))
    return max(1, size - size % multiple)
