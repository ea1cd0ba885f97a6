"""What a search has chosen, kept as back-pointers; hypotheses are read off backwards when it is over."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from unspool.decoding.hypothesis import Hypothesis
from unspool.types import EOS, Array, Sequences, Tree


class Layer(NamedTuple):
    """One step, from R rows to the R' rows of the next.

    rows:      `[R']` the row that each next row continues
    items:     `[R']` the item that it was continued with
    attention: `[R, S]` where each row looked in this step, a tree where there are several, or None
    """

    rows: Array
    items: Array
    attention: Tree


class End(NamedTuple):
    """Where a hypothesis ends: in a row of a step with a last item, or before that step where `item` is None.

    worth: what finished ones are ranked by
    """

    step: int
    row: int
    item: int | None
    score: float
    finished: bool
    worth: float = -np.inf


def last(items: Array, done: Array | None) -> Array:
    """True where an item is the last of its hypothesis: it is EOS, or the model says so; the shape of `items`."""
    ends: Array = items == EOS
    return ends if done is None else ends | done


def extents(source: Sequences[Array]) -> list[tuple[int, ...]]:
    """How far attention over each source reaches without padding: (S,), or (N, W) where ids are nested."""
    if source.inner is None:
        return [(int(length),) for length in source.lengths]
    return [(int(length), int(words)) for length, words in zip(source.lengths, source.inner.max(1), strict=True)]


def trace(layers: list[Layer], end: End, extent: tuple[int, ...]) -> Hypothesis:
    """Follow the back-pointers from an end to the start; `extent` is that of this source."""
    items, rows = ([], []) if end.item is None else ([end.item], [end.row])
    row = end.row
    for layer in reversed(layers[: end.step]):
        items.append(int(layer.items[row]))
        row = int(layer.rows[row])
        rows.append(row)
    attention = _attention([layer.attention for layer in layers[: len(rows)]], rows[::-1], extent)
    if end.finished and items[0] == EOS:
        del items[0]
    return Hypothesis(tuple(reversed(items)), end.score, end.finished, attention)


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
