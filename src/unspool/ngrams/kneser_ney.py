"""An n-gram model with interpolated modified Kneser–Ney smoothing.

Chen & Goodman 1999, "An empirical study of smoothing techniques for language modeling", Computer Speech and Language
13, section 3. After a context h, with h' = h without its first symbol,

    p(w | h) = max(c(h w) − D(c(h w)), 0) / c(h ·) + γ(h) · p(w | h'),

where c counts occurrences of the longest n-grams, and of shorter ones the different symbols that came before them (or
their occurrences, if nothing ever came before them). D is one of three discounts, for counts of 1, of 2 and of more; γ
makes each distribution sum to one. Below the empty context all symbols are equally likely.

N-grams are the nodes of a tree, numbered by length. Two numbers of a node say everything: log p of its last symbol
after the others, and log γ of the whole as a context.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import zip_longest
from typing import NamedTuple, Self

import numpy as np

from unspool.types import Array

# The symbol before the first and after the last one, where sequences have both.
BOUNDARY = 0
# Discounts where a count did not occur, so that they cannot be estimated.
USUAL_DISCOUNTS = (0.5, 1.0, 1.5)
LEAST_DISCOUNT = 0.05


class Tree(NamedTuple):
    """All n-grams, shorter ones first; number 0, which is not stored, is the empty one.

    parents:      `[N]` the number of the n-gram without its last symbol
    symbols:      `[N]` its last symbol
    suffixes:     `[N]` the number of the n-gram without its first symbol
    log_probs:    `[N]` log p of the last symbol after the others, nats
    log_backoffs: `[N + 1]` log γ of each n-gram as a context, that of the empty one first, nats
    """

    parents: Array
    symbols: Array
    suffixes: Array
    log_probs: Array
    log_backoffs: Array


class NgramModel:
    """The log-probability of a symbol after a state; a state is the number of the longest context that was seen.

    vocabulary: how many symbols are possible, from 0 on
    """

    def __init__(self, tree: Tree, vocabulary: int) -> None:
        self.tree, self.vocabulary = tree, vocabulary
        count = len(tree.parents)
        keys = tree.parents.astype(np.int64) * vocabulary + tree.symbols
        self._children = dict(zip(keys.tolist(), range(1, count + 1), strict=True))
        self._log_probs = [0.0, *tree.log_probs.tolist()]
        self._log_backoffs: list[float] = tree.log_backoffs.tolist()
        self._suffixes = [0, *tree.suffixes.tolist()]
        self._contexts = _contexts(tree).tolist()
        self._uniform = -math.log(vocabulary)

    @classmethod
    def fit(cls, sequences: Sequence[Sequence[int]], order: int, vocabulary: int, *, begin: int = 0) -> Self:
        """Count the n-grams of up to `order` symbols. begin: the symbols of each sequence that are only context."""
        return cls(_smoothed(_counted(sequences, order, vocabulary, begin), vocabulary), vocabulary)

    @property
    def size(self) -> int:
        """The number of n-grams."""
        return len(self.tree.parents)

    def step(self, state: int, symbol: int) -> tuple[float, int]:
        """The log-probability of a symbol after a state in nats, and the state after it; the state 0 knows nothing."""
        passed = 0.0
        while True:
            found = self._children.get(state * self.vocabulary + symbol)
            if found is not None:
                return passed + self._log_probs[found], self._contexts[found]
            passed += self._log_backoffs[state]
            if not state:
                return passed + self._uniform, 0
            state = self._suffixes[state]

    def log_likelihood(self, symbols: Sequence[int], before: Sequence[int] = ()) -> float:
        """Nats of symbols, one after another, after those before them."""
        state, total = 0, 0.0
        for symbol in before:
            _, state = self.step(state, symbol)
        for symbol in symbols:
            log_prob, state = self.step(state, symbol)
            total += log_prob
        return total


class Level(NamedTuple):
    """The n-grams of one length; first: the number of the first. counts: how often each occurred beyond `begin`."""

    first: int
    parents: Array
    symbols: Array
    suffixes: Array
    counts: Array

    @property
    def numbers(self) -> slice:
        """Their numbers."""
        return slice(self.first, self.first + len(self.parents))


def _counted(sequences: Sequence[Sequence[int]], order: int, vocabulary: int, begin: int) -> list[Level]:
    """The n-grams of each length. An n-gram at a place is that one symbol shorter at the place before, and a symbol."""
    lengths = np.array([len(sequence) for sequence in sequences], dtype=np.int64)
    flat = np.array([symbol for sequence in sequences for symbol in sequence], dtype=np.int64)
    places = np.arange(len(flat)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    numbers, first, levels = np.zeros(len(flat), dtype=np.int64), 1, list[Level]()
    for length in range(1, order + 1):
        at = np.flatnonzero(places >= length - 1)
        if not len(at):
            break
        parents = np.zeros(len(at), dtype=np.int64) if length == 1 else numbers[at - 1]
        known, begins, which = np.unique(parents * vocabulary + flat[at], return_index=True, return_inverse=True)
        suffixes = np.zeros(len(known), dtype=np.int64) if length == 1 else numbers[at[begins]]
        counts = np.bincount(which, places[at] >= begin, len(known))
        levels.append(Level(first, known // vocabulary, known % vocabulary, suffixes, counts))
        numbers = np.zeros(len(flat), dtype=np.int64)
        numbers[at] = first + which
        first += len(known)
    return levels


def _smoothed(levels: list[Level], vocabulary: int) -> Tree:
    total = 1 + sum(len(level.parents) for level in levels)
    probs, backoffs = np.full(total, 1.0 / vocabulary), np.ones(total)
    for level, longer in zip_longest(levels, levels[1:]):
        counts = level.counts if longer is None else _continuations(level, longer)
        discounts = _discounts(counts)[np.minimum(counts, 3).astype(np.int64)]
        after = np.bincount(level.parents, counts, total)
        seen = np.flatnonzero(after)
        backoffs[seen] = np.bincount(level.parents, discounts, total)[seen] / after[seen]
        own = np.maximum(counts - discounts, 0) / np.maximum(after[level.parents], 1)
        probs[level.numbers] = own + backoffs[level.parents] * probs[level.suffixes]
    parts = [np.concatenate([getattr(level, name) for level in levels]) if levels else np.zeros(0) for name in _KEPT]
    kept = [part.astype(np.int32) for part in parts]
    return Tree(*kept, *(np.log(part).astype(np.float32) for part in (probs[1:], backoffs)))


_KEPT = ("parents", "symbols", "suffixes")


def _continuations(level: Level, longer: Level) -> Array:
    """How many different symbols came before each n-gram; or its occurrences, if nothing did."""
    occurred = longer.suffixes[longer.counts > 0] - level.first
    before = np.bincount(occurred, minlength=len(level.parents))
    return np.where(before > 0, before, level.counts)


def _discounts(counts: Array) -> Array:
    """The discounts of counts of 0, 1, 2 and more (equation 26)."""
    once, twice, *more = (int((counts == number).sum()) for number in (1, 2, 3, 4))
    if not (once and twice and all(more)):
        return np.array([0.0, *USUAL_DISCOUNTS])
    share = once / (once + 2 * twice)
    found = [1 - 2 * share * twice / once, 2 - 3 * share * more[0] / twice, 3 - 4 * share * more[1] / more[0]]
    return np.array([0.0, *(min(max(one, LEAST_DISCOUNT), most) for most, one in enumerate(found, 1))])


def _contexts(tree: Tree) -> Array:
    """The state after each n-gram: itself, or the longest of its ends after which something was seen."""
    numbers = np.arange(len(tree.parents) + 1)
    has_children = np.zeros(len(numbers), dtype=bool)
    has_children[tree.parents] = has_children[0] = True
    suffixes = np.concatenate([[0], tree.suffixes])
    while not has_children[numbers].all():
        numbers = np.where(has_children[numbers], numbers, suffixes[numbers])
    return numbers
