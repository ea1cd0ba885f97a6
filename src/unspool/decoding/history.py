"""What a search has chosen, kept as back-pointers; hypotheses are read off backwards when it is over."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from unspool.decoding.hypothesis import Hypothesis
from unspool.types import EOS, Array


class Layer(NamedTuple):
    """One step, from R rows to the R' rows of the next.

    rows:      `[R']` the row that each next row continues
    items:     `[R']` the item that it was continued with
    attention: `[R, S]` where each row looked in this step, or None
    """

    rows: Array
    items: Array
    attention: Array | None


class End(NamedTuple):
    """Where a hypothesis ends: in a row of a step with a last item, or before that step where `item` is None."""

    step: int
    row: int
    item: int | None
    score: float
    finished: bool


def last(items: Array, done: Array | None) -> Array:
    """True where an item is the last of its hypothesis: it is EOS, or the model says so; the shape of `items`."""
    ends: Array = items == EOS
    return ends if done is None else ends | done


def trace(layers: list[Layer], end: End, width: int) -> Hypothesis:
    """Follow the back-pointers from an end to the start; `width` is the length of this source without padding."""
    items, rows = ([], []) if end.item is None else ([end.item], [end.row])
    row = end.row
    for layer in reversed(layers[: end.step]):
        items.append(int(layer.items[row]))
        row = int(layer.rows[row])
        rows.append(row)
    attention = _attention(layers, rows[::-1], width)
    if end.finished and items[0] == EOS:
        del items[0]
    return Hypothesis(tuple(reversed(items)), end.score, end.finished, attention)


def _attention(layers: list[Layer], rows: list[int], width: int) -> Array | None:
    """The weights of each step, `[T, width]`; row t of `rows` is the row that was followed in step t."""
    if not rows or layers[0].attention is None:
        return None
    weights = np.empty((len(rows), width), layers[0].attention.dtype)  # filled by hand: half the time of np.stack
    for into, layer, row in zip(weights, layers, rows, strict=False):  # a search goes on behind most ends
        assert layer.attention is not None
        into[:] = layer.attention[row, :width]
    return weights
