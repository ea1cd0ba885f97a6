"""An exported model as search sees it: NumPy in, NumPy out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from unspool.errors import Mistake
from unspool.runtime.manifest import ENCODER, STEP, Manifest
from unspool.runtime.session import Graph
from unspool.types import Array, Choices, Sequences

NEXT = "next."
# Rows up to which one thread is faster than several: handing work over takes longer than doing it.
FEW = 16


class OnnxCursor(NamedTuple):
    """Where a batch under generation stands.

    last:     `[R]` the items to feed
    rows:     `[R]` the row of `state` that each row continues; the graph gathers them
    state:    leaves by name, `[R0, ...]`
    memory:   leaves by name, `[B, ...]`, without those that no step reads
    memories: how many sources are left, B
    """

    last: Array
    rows: Array
    state: Mapping[str, Array]
    memory: Mapping[str, Array]
    memories: int


class OnnxStepper:
    """Runs an encoder's and a step's graph; the n best continuations are found inside the graph.

    alone: on the thread that asks, and no other
    """

    def __init__(self, encoder: Graph, step: Graph, manifest: Manifest, *, alone: bool = False) -> None:
        self.encoder, self.stepping, self.manifest, self.alone = encoder, step, manifest, alone
        read = step.reads
        self._memory = [name for name in manifest.memory if name in read]
        self._state = [name for name in manifest.state if name in read]
        self._opened = ["first", *self._state, *self._memory]
        self._asked = [
            "items", "log_probs", *manifest.attention, *["done"] * manifest.done, *(NEXT + s for s in self._state)
        ]  # fmt: skip

    def open(self, source: Sequences[Array]) -> OnnxCursor:
        """Encode a batch and start it."""
        parts = {"source": source.values, "lengths": source.lengths, "inner": source.inner, "copies": source.copies}
        given = {name: part for name, part in parts.items() if name in self.encoder.reads and part is not None}
        first, *leaves = self.encoder.run(self._opened, given, self._alone(len(source.lengths)))
        split = len(self._state)
        state = dict(zip(self._state, leaves[:split], strict=True))
        memory = dict(zip(self._memory, leaves[split:], strict=True))
        return OnnxCursor(first, np.arange(len(first)), state, memory, len(first))

    def step(self, cursor: OnnxCursor, n: int) -> tuple[Choices, OnnxCursor]:
        """Feed each row's last item."""
        feed = {"last": cursor.last, "rows": cursor.rows, "n": np.array([n]), **cursor.state, **cursor.memory}
        items, log_probs, *leaves = self.stepping.run(self._asked, feed, self._alone(len(cursor.last)))
        looked, said = len(self.manifest.attention), int(self.manifest.done)
        state = dict(zip(self._state, leaves[looked + said :], strict=True))
        done = leaves[looked] if said else None
        choices = Choices(items, log_probs, _tree(leaves[:looked]), done)
        return choices, cursor._replace(rows=np.arange(len(items)), state=state)

    def select(self, cursor: OnnxCursor, memories: Array, rows: Array, items: Array) -> OnnxCursor:
        """Keep these memories and rows; states are taken by the graph, in the next step."""
        memory = cursor.memory
        if len(memories) != cursor.memories or (memories[:-1] >= memories[1:]).any():
            memory = {name: leaf.take(memories, 0) for name, leaf in memory.items()}
        return OnnxCursor(items, cursor.rows[rows], cursor.state, memory, len(memories))

    def shared(self) -> tuple[OnnxStepper, int]:
        """A thread to a batch: two batches side by side take two thirds of their time in turn, on two threads each."""
        return OnnxStepper(self.encoder, self.stepping, self.manifest, alone=True), self.stepping.threads

    def _alone(self, rows: int) -> bool:
        return self.alone or rows <= FEW


def open_stepper(folder: Path, manifest: Manifest, threads: int | None = None) -> OnnxStepper:
    """The graphs of an exported folder behind a stepper; graphs that lack what the manifest names are a `Mistake`."""
    encoder, step = Graph(folder / ENCODER, threads), Graph(folder / STEP, threads)
    leaves = [*manifest.state, *manifest.memory]
    _check(folder / ENCODER, encoder, {"source", "lengths"}, {"first", *leaves})
    said = {"items", "log_probs", *manifest.attention, *(NEXT + name for name in manifest.state)}
    _check(folder / STEP, step, {"last", "rows", "n"}, said | ({"done"} if manifest.done else set()))
    return OnnxStepper(encoder, step, manifest)


def _check(path: Path, graph: Graph, read: set[str], said: set[str]) -> None:
    missing = read - graph.reads | said - graph.says
    if missing:
        what = f"{path} lacks {', '.join(sorted(missing))}, which the manifest beside it names."
        raise Mistake(what, "It is of another export: export it again.")


def _tree(leaves: list[Any]) -> Any:
    """None, a leaf, or several as a tuple."""
    return None if not leaves else leaves[0] if len(leaves) == 1 else tuple(leaves)
