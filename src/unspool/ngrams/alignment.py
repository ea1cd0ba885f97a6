"""Monotone alignments of pairs of sequences by expectation–maximisation (Jiampojamarn, Kondrak & Sherif 2007).

A pair is cut into joint symbols: one source symbol with none, one or two target symbols, or two with one. The sum over
all ways to cut is a product of matrices with one row for each source symbol, computed for all pairs of equal lengths
at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np

from unspool.types import Array

# Source and target symbols of each kind of joint symbol, and its weight at the start: most symbols are one to one.
KINDS = ((1, 0), (1, 1), (1, 2), (2, 1))
START = (0.2, 1.0, 0.2, 0.2)
# Probabilities are multiplied by this for each source symbol, which cancels out and keeps products in range.
SCALE = 100.0
ROUNDS, LONGEST, MOST_CELLS = 6, 60, 6_000_000

# Ids of the source symbols and of the target symbols.
JointSymbol: TypeAlias = tuple[tuple[int, ...], tuple[int, ...]]


class EqualPairs(NamedTuple):
    """Pairs of equal lengths: source ids `[S, n]`, target ids `[T, n]`, and of each kind the joint symbol of each cell.

    joint: for each kind (a, b), numbers `[S-a+1, T-b+1, n]`
    """

    source: Array
    target: Array
    joint: list[Array]


def align(sources: Sequence[Array], targets: Sequence[Array]) -> list[list[JointSymbol]]:
    """The likeliest alignment of each pair that has one; pairs beyond `LONGEST` or `MOST_CELLS` are left out."""
    groups, count = _grouped(sources, targets)
    weights = [np.full(count, start) for start in START]
    for _ in range(ROUNDS):
        found = np.full(count, 1e-12)
        for group in groups:
            _expect(group, weights, found)
        shares = found / found.sum()
        weights = [shares * SCALE**read for read, _ in KINDS]
    return [alignment for group in groups for alignment in _best(group, weights)]


def _grouped(sources: Sequence[Array], targets: Sequence[Array]) -> tuple[list[EqualPairs], int]:
    """The pairs that can be aligned by their lengths, and the number of different joint symbols."""
    by_length: dict[tuple[int, int], list[int]] = defaultdict(list)
    cells = 0
    for number, (source, target) in enumerate(zip(sources, targets, strict=True)):
        if 0 < len(source) <= LONGEST and len(target) <= min(LONGEST, 2 * len(source)) and cells < MOST_CELLS:
            by_length[len(source), len(target)].append(number)
            cells += len(source) * len(target)
    stacked = [
        (
            np.stack([sources[n] for n in group], 1).astype(np.int64),
            np.stack([targets[n] for n in group], 1).astype(np.int64),
        )
        for group in by_length.values()
    ]
    base = 2 + max((int(side.max(initial=0)) for pair in stacked for side in pair), default=0)
    codes = [_codes(source, target, kind, base) for source, target in stacked for kind in KINDS]
    flat = np.concatenate([code.ravel() for code in codes]) if codes else np.zeros(0, np.int64)
    known, numbers = np.unique(flat, return_inverse=True)
    pieces = iter(np.split(numbers, np.cumsum([code.size for code in codes])[:-1]) if codes else [])
    shapes = iter(codes)
    groups = [EqualPairs(*pair, [next(pieces).reshape(next(shapes).shape) for _ in KINDS]) for pair in stacked]
    return groups, len(known)


def _codes(source: Array, target: Array, kind: tuple[int, int], base: int) -> Array:
    """A number for the joint symbol of each cell; equal symbols have equal numbers."""
    rows, columns = (len(side) - taken + 1 for side, taken in zip((source, target), kind, strict=True))
    code = np.zeros((max(rows, 0), max(columns, 0), source.shape[1]), dtype=np.int64)
    for place in range(2):
        code *= base
        if place < kind[0]:
            code += 1 + source[place : place + rows, None]
    for place in range(2):
        code *= base
        if place < kind[1]:
            code += 1 + target[None, place : place + columns]
    return code


def _expect(group: EqualPairs, weights: list[Array], found: Array) -> None:
    """Add the expected number of each joint symbol in these pairs to `found`."""
    cells = _cell_weights(group, weights)
    forward = _paths(cells, group, np.add)
    backward = _paths([cell[::-1, ::-1] for cell in cells], group, np.add)[::-1, ::-1]
    whole = np.where(forward[-1, -1] > 0, forward[-1, -1], np.inf)
    for (read, written), cell, numbers in zip(KINDS, cells, group.joint, strict=True):
        rows, columns = cell.shape[:2]
        share = forward[:rows, :columns] * cell * backward[read:, written:] / whole
        found += np.bincount(numbers.ravel(), share.ravel(), len(found))


def _cell_weights(group: EqualPairs, weights: list[Array]) -> list[Array]:
    return [weight[numbers] for weight, numbers in zip(weights, group.joint, strict=True)]


def _paths(cells: list[Array], group: EqualPairs, join: Callable[[Array, Array], Array]) -> Array:
    """`[S+1, T+1, n]` the sum (or maximum, by `join`) of the weights of all paths from the first cell to each."""
    source, target = len(group.source), len(group.target)
    paths = np.zeros((source + 1, target + 1, group.source.shape[1]))
    paths[0, 0] = 1.0
    for row in range(1, source + 1):
        for column in range(target + 1):
            for (read, written), cell in zip(KINDS, cells, strict=True):
                before, left = row - read, column - written
                if before >= 0 and left >= 0:
                    paths[row, column] = join(paths[row, column], paths[before, left] * cell[before, left])
    return paths


def _best(group: EqualPairs, weights: list[Array]) -> Iterator[list[JointSymbol]]:
    """The best path of each pair, traced from its end."""
    cells = _cell_weights(group, weights)
    paths = _paths(cells, group, np.maximum)
    for number in np.flatnonzero(paths[-1, -1] > 0):
        row, column = len(group.source), len(group.target)
        symbols: list[JointSymbol] = []
        while row:
            steps = [
                (paths[row - a, column - b, number] * cell[row - a, column - b, number], a, b)
                for (a, b), cell in zip(KINDS, cells, strict=True)
                if a <= row and b <= column
            ]
            _, read, written = max(steps)
            source, target = group.source[row - read : row, number], group.target[column - written : column, number]
            symbols.append((tuple(source.tolist()), tuple(target.tolist())))
            row, column = row - read, column - written
        yield symbols[::-1]
