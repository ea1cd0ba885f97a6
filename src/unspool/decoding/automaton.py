"""A set of permitted answers as a finite automaton over symbols, in a few NumPy arrays.

State 0 is the start. An edge feeds one item, EOS included where answers have one, and leads to another state or to the
final one. Of each state the least number of items to the final state is known. So a search that is told how many steps
are left never enters a dead end, and every answer that it finishes is permitted.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from unspool.types import FIRST_EMITTED, Array

# The distance of a state from which no answer ends.
NEVER = np.iinfo(np.int64).max // 2
# Where an edge ends an answer.
FINAL = -1


class Edges(NamedTuple):
    """The edges of an automaton, `[E]` each: from a state, with an item, to a state or `FINAL`."""

    origins: Array
    items: Array
    following: Array


class SymbolAutomaton:
    """States 0, 1, …; the one before the last is the final state, and the last is what follows a barred item.

    distances: `[states]` the least number of items to the end of an answer; `NEVER` if there is none
    """

    def __init__(self, edges: Edges, count: int) -> None:
        self.final, self.dead = count, count + 1
        following = np.where(edges.following == FINAL, self.final, edges.following)
        self.distances = _distances(edges.origins, following, count)
        kept = self.distances[following] < NEVER
        origins, items, following = edges.origins[kept], edges.items[kept], following[kept]
        self._width = int(items.max(initial=0)) + 1
        order = np.argsort(origins * self._width + items, kind="stable")
        self.items, self._following = items[order], following[order]
        self._keys = (origins * self._width + items)[order]
        self._begins = np.searchsorted(origins[order], np.arange(count + 3))
        self._longest = int(self.distances[self.distances < NEVER].max(initial=0))

    def advance(self, states: Array, items: Array) -> Array:
        """The states `[R]` after these items `[R]`; `dead` after an item that is not permitted."""
        keys = states * self._width + items
        places = np.minimum(np.searchsorted(self._keys, keys), max(0, len(self._keys) - 1))
        known = (items < self._width) & (self._keys[places] == keys) if len(self._keys) else np.zeros(len(keys), bool)
        return np.where(known, self._following[places] if len(self._keys) else self.dead, self.dead)

    def after(self, items: Array) -> int:
        """The state after these items from the start."""
        states = np.zeros(1, dtype=np.int64)
        for item in items:
            states = self.advance(states, np.array([item]))
        return int(states[0])

    def permitted(self, state: int, left: int) -> Array:
        """The items after which an answer can still end, if this item and what follows are at most `left` items."""
        among = slice(self._begins[state], self._begins[state + 1])
        return self.items[among][self.distances[self._following[among]] < left]

    def mask(self, table: Array, states: Array, left: int) -> Array:
        """Log-probabilities `[R, C]` with -inf for what is not permitted after `states` `[R]`; see `permitted`."""
        begins = self._begins[states]
        counts = self._begins[states + 1] - begins
        rows = np.repeat(np.arange(len(states)), counts)
        edges = np.arange(len(rows)) + np.repeat(begins - np.cumsum(counts) + counts, counts)
        if left <= self._longest:
            near = self.distances[self._following[edges]] < left
            rows, edges = rows[near], edges[near]
        masked, classes = np.full_like(table, -np.inf), self.items[edges] - FIRST_EMITTED
        masked[rows, classes] = table[rows, classes]
        return masked


def trie(values: Array, lengths: Array) -> SymbolAutomaton:
    """The automaton of a list of answers, each with its EOS if it has one; none empty, none a prefix of another.

    values:  the items of all answers, one answer after the other
    lengths: `[n]` the number of items of each
    """
    starts, nodes, count = np.cumsum(lengths) - lengths, np.zeros(len(lengths), dtype=np.int64), 1
    width, found = int(values.max(initial=0)) + 1, []
    for depth in range(int(lengths.max(initial=0))):
        deeper = np.flatnonzero(lengths > depth)
        keys = nodes[deeper] * width + values[starts[deeper] + depth]
        unique, first, of_each = np.unique(keys, return_index=True, return_inverse=True)
        inner = lengths[deeper][first] > depth + 1
        following = np.where(inner, count + np.cumsum(inner) - 1, FINAL)
        found.append(Edges(unique // width, unique % width, following))
        nodes[deeper] = following[of_each]
        count += int(inner.sum())
    return SymbolAutomaton(Edges(*map(np.concatenate, zip(*found, strict=True))), count)


def _distances(origins: Array, following: Array, count: int) -> Array:
    distances = np.full(count + 2, NEVER)
    distances[count] = 0
    while True:
        nearer = distances.copy()
        np.minimum.at(nearer, origins, distances[following] + 1)
        nearer = np.minimum(nearer, NEVER)
        if (nearer == distances).all():
            return distances
        distances = nearer
