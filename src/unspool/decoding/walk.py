"""Following one continuation of every row: what greedy search and sampling have in common."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from unspool.decoding.history import End, Layer, extents, last, trace
from unspool.decoding.hypothesis import Hypothesis
from unspool.types import Array, Choices, Sequences, Stepper

# Columns `[P]` of the choices, for paths `[P]` that stand on rows `[P]`, in a step counted from 0.
Choose: TypeAlias = Callable[[Choices, Array, Array, int], Array]


def walk(
    stepper: Stepper, source: Sequences[Array], *, n: int, choose: Choose, max_length: int, copies: int = 1
) -> list[list[Hypothesis]]:
    """`copies` answers to each source, in the order of the copies; path p is copy p % copies of source p // copies.

    n:          continuations that `choose` is offered of each row
    max_length: steps at most, EOS counted. A finished path leaves the batch at once
    """
    cursor = stepper.open(source)
    rows = np.repeat(np.arange(len(source.lengths)), copies)  # copies part at the first step; then each has its own row
    paths, sums = np.arange(len(rows)), np.zeros(len(rows))
    layers: list[Layer] = []
    ends: dict[int, End] = {}
    while len(paths) and len(layers) < max_length:
        choices, cursor = stepper.step(cursor, n)
        columns = choose(choices, rows, paths, len(layers))
        items, totals = choices.items[rows, columns], sums + choices.log_probs[rows, columns]
        possible = totals > -np.inf
        ended = possible & last(items, None if choices.done is None else choices.done[rows])
        for p in np.flatnonzero(~possible):
            ends[int(paths[p])] = End(len(layers), int(rows[p]), None, float(sums[p]), finished=False)
        for p in np.flatnonzero(ended):
            ends[int(paths[p])] = End(len(layers), int(rows[p]), int(items[p]), float(totals[p]), finished=True)
        kept = np.flatnonzero(possible & ~ended)
        layers.append(Layer(rows[kept], items[kept], choices.attention))
        if len(kept):
            cursor = stepper.select(cursor, rows[kept], rows[kept], items[kept])
        rows, paths, sums = np.arange(len(kept)), paths[kept], totals[kept]
    for row, path in enumerate(paths):
        ends[int(path)] = End(len(layers), row, None, float(sums[row]), finished=False)
    return [
        [trace(layers, ends[b * copies + copy], extent) for copy in range(copies)]
        for b, extent in enumerate(extents(source))
    ]
