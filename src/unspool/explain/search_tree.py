"""A beam search as a tree: each kept hypothesis is a node, and its parent is what it was one token before."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from unspool.answers.traces import Trace


@dataclass(frozen=True, slots=True)
class TreeNode:
    """A hypothesis after a step, as its newest token.

    depth:  the step, from 1; 0 is the root
    row:    where it is drawn, 0 at the top; a node and the child that goes furthest have one row
    parent: its number among the nodes; the root is its own
    share:  the token's probability, 0 to 1
    answer: the rank of the best answer that it is part of, from 1; None: the search gave it up
    """

    depth: int
    row: int
    parent: int
    token: str
    share: float
    score: float
    finished: bool = False
    answer: int | None = None


def tree_of(trace: Trace) -> list[TreeNode]:
    """The nodes, parents before children, the root first; no two have one place."""
    nodes, places = _linked(trace)
    for rank, path in enumerate(trace.paths, 1):
        for depth, place in enumerate(path):
            number = places[depth][place]
            if nodes[number].answer is None:
                nodes[number] = replace(nodes[number], answer=rank)
    return _with_rows(nodes)


def _linked(trace: Trace) -> tuple[list[TreeNode], list[list[int]]]:
    """The nodes without rows, and the number of each by step and place."""
    nodes, places = [TreeNode(0, 0, 0, "", 1.0, 0.0, answer=1)], list[list[int]]()
    before = [0]
    for depth, step in enumerate(trace.steps, 1):
        here = []
        for kept in step:
            here.append(len(nodes))
            share = math.exp(min(0.0, kept.log_prob))
            nodes.append(TreeNode(depth, 0, before[kept.parent], kept.token, share, kept.score, kept.finished))
        places.append(here)
        before = here
    return nodes, places


def _with_rows(nodes: Sequence[TreeNode]) -> list[TreeNode]:
    """Every node goes on in the row of its parent if it is the child that goes furthest; the others take the next row
    below that is free for as long as they need it. So a tree is about as high as its beam, however long it is.
    """
    children: dict[int, list[int]] = {}
    for number, node in enumerate(nodes[1:], 1):
        children.setdefault(node.parent, []).append(number)
    ends = [node.depth for node in nodes]
    for number in range(len(nodes) - 1, 0, -1):
        ends[nodes[number].parent] = max(ends[nodes[number].parent], ends[number])

    def first(number: int) -> tuple[float, int]:
        return nodes[number].answer or math.inf, -ends[number]

    rows, taken = [0] * len(nodes), list[list[tuple[int, int]]]()
    starts = [0]
    for start in starts:  # grows while branches are found, those of the best answer first
        chain = [start]
        while below := sorted(children.get(chain[-1], []), key=first):
            chain.append(below[0])
            starts.extend(below[1:])
        row = _free_row(taken, rows[nodes[start].parent], nodes[start].depth, nodes[chain[-1]].depth)
        for number in chain:
            rows[number] = row
    return [replace(node, row=row) for node, row in zip(nodes, rows, strict=True)]


def _free_row(taken: list[list[tuple[int, int]]], above: int, begin: int, end: int) -> int:
    """The first row from `above` on that is free from `begin` to `end`, which are then taken."""
    row = above
    while True:
        while len(taken) <= row:
            taken.append([])
        if all(end < other_begin or begin > other_end for other_begin, other_end in taken[row]):
            taken[row].append((begin, end))
            return row
        row += 1
