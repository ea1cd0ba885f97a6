"""What a search has chosen, kept as back-pointers; hypotheses are read off backwards when it is over."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from unspool.decoding.hypothesis import Hypothesis
from unspool.types import EOS, Array, Sequences, Tree


class BackPointers(NamedTuple):
    """One step, from R rows to the R' rows of the next.

    rows:      `[R']` the row that each next row continues
    items:     `[R']` the item that it was continued with; `[R', F]` of real values
    attention: `[R, S]` the weights of each row in this step, a tree where there are several, or None
    """

    rows: Array
    items: Array
    attention: Tree


class Finished(NamedTuple):
    """A hypothesis that is no longer extended: its last item in a row of a step.

    Where `item` is None, it ends before that step.

    complete:      it ended by itself; False where it was cut off
    ranking_score: what complete ones are ranked by
    """

    step: int
    row: int
    item: Any
    score: float
    complete: bool
    ranking_score: float = -np.inf


def is_last(items: Array, done: Array | None) -> Array:
    """True where an item is the last of its hypothesis: it is EOS, or the model is done; the shape of `items`."""
    ends: Array = items == EOS
    return ends if done is None else ends | done


def extents(source: Sequences[Array]) -> list[tuple[int, ...]]:
    """How far attention over each source reaches without padding: (S,), or (N, W) where ids are nested."""
    if source.inner is None:
        return [(int(length),) for length in source.lengths]
    return [(int(length), int(words)) for length, words in zip(source.lengths, source.inner.max(1), strict=True)]


def trace(history: list[BackPointers], end: Finished, extent: tuple[int, ...]) -> Hypothesis:
    """Follow the back-pointers from an end to the start; `extent` is that of this source."""
    items, rows = ([], []) if end.item is None else ([end.item], [end.row])
    row = end.row
    for pointers in reversed(history[: end.step]):
        items.append(pointers.items[row])
        row = int(pointers.rows[row])
        rows.append(row)
    attention = _attention([pointers.attention for pointers in history[: len(rows)]], rows[::-1], extent)
    return _hypothesis(items[::-1], end, attention, history[0].items)


def _hypothesis(items: list[Any], end: Finished, attention: Tree, like: Array) -> Hypothesis:
    """`like`: any step's items, which tell symbols from real values."""
    if like.ndim == 2:
        values = np.array(items, dtype=np.float32).reshape(-1, like.shape[1])
        return Hypothesis((), end.score, end.complete, attention, values)
    symbols = [int(item) for item in items]
    if end.complete and symbols[-1] == EOS:
        del symbols[-1]
    return Hypothesis(tuple(symbols), end.score, end.complete, attention)


def _attention(steps: list[Tree], rows: list[int], extent: tuple[int, ...]) -> Tree:
    """The weights of each step, a tree of `[T, *extent]`; row t of `rows` is the row that was followed in step t."""
    if not rows or steps[0] is None:
        return None
    if isinstance(steps[0], tuple):
        return tuple(_attention(list(leaves), rows, extent) for leaves in zip(*steps, strict=True))
    inside = extent[: steps[0].ndim - 1]
    weights = np.empty((len(rows), *inside), steps[0].dtype)  # filled by hand: half the time of np.stack
    for into, step, row in zip(weights, steps, rows, strict=True):
        into[:] = step[row][tuple(map(slice, inside))]
    return weights
