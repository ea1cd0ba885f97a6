"""The choices of a search as back-pointers; at the end, hypotheses are traced from their last step to the first."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from unspool.decoding.hypothesis import Hypothesis
from unspool.types import EOS, Array, Sequences, Tree


class BackPointers(NamedTuple):
    """One step, from R rows to the R' rows of the next step.

    rows:      `[R']` the row that each next row continues
    items:     `[R']` the item that it appends; `[R', F]` for real values
    attention: `[R, S]` the weights of each row in this step, a tree if there are several attentions, or None
    """

    rows: Array
    items: Array
    attention: Tree


class Finished(NamedTuple):
    """A hypothesis that is no longer extended: the step and the row of its last item.

    If `item` is None, it ends before that step.

    complete:      whether the model ended it; False if it was cut off
    ranking_score: the score by which hypotheses are ranked; -inf if it cannot be continued
    """

    step: int
    row: int
    item: Any
    score: float
    complete: bool
    ranking_score: float = -np.inf


def is_last(items: Array, done: Array | None) -> Array:
    """True if an item is the last of its hypothesis, because it is EOS or the model is done; shaped as `items`."""
    ends: Array = items == EOS
    return ends if done is None else ends | done


def extents(source: Sequences[Array]) -> list[tuple[int, ...]]:
    """The shape of attention over each source without padding: (S,), or (N, W) for nested ids."""
    if source.inner is None:
        return [(int(length),) for length in source.lengths]
    return [(int(length), int(words)) for length, words in zip(source.lengths, source.inner.max(1), strict=True)]


def trace(history: list[BackPointers], end: Finished, extent: tuple[int, ...]) -> Hypothesis:
    """Follow the back-pointers from the end of a hypothesis to its start; `extent`: that of its source."""
    items, rows = ([], []) if end.item is None else ([end.item], [end.row])
    row = end.row
    for pointers in reversed(history[: end.step]):
        items.append(pointers.items[row])
        row = int(pointers.rows[row])
        rows.append(row)
    rows.reverse()
    attention = _attention([pointers.attention for pointers in history[: len(rows)]], rows, extent)
    return _hypothesis(items[::-1], rows, end, attention, history[0].items)


def _hypothesis(items: list[Any], rows: list[int], end: Finished, attention: Tree, like: Array) -> Hypothesis:
    """`like`: the items of any step, whose shape shows whether they are symbols or real values."""
    if like.ndim == 2:
        values = np.array(items, dtype=np.float32).reshape(-1, like.shape[1])
        return Hypothesis((), end.score, end.complete, attention, values, tuple(rows))
    symbols = [int(item) for item in items]
    if end.complete and symbols[-1] == EOS:
        del symbols[-1]
    return Hypothesis(tuple(symbols), end.score, end.complete, attention, rows=tuple(rows))


def _attention(steps: list[Tree], rows: list[int], extent: tuple[int, ...]) -> Tree:
    """The weights of each step, a tree of `[T, *extent]`; `rows` are the rows of the hypothesis in each step."""
    if not rows or steps[0] is None:
        return None
    if isinstance(steps[0], tuple):
        return tuple(_attention(list(leaves), rows, extent) for leaves in zip(*steps, strict=True))
    inside = extent[: steps[0].ndim - 1]
    weights = np.empty((len(rows), *inside), steps[0].dtype)  # a loop needs half the time of np.stack
    for into, step, row in zip(weights, steps, rows, strict=True):
        into[:] = step[row][tuple(map(slice, inside))]
    return weights
