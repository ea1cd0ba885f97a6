"""An exported model as search sees it: NumPy in, NumPy out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from unspool.decoding.table import look_up
from unspool.distributions import distribution_of
from unspool.errors import Mistake
from unspool.runtime.manifest import ENCODER, EVERYTHING, STEP, Manifest
from unspool.runtime.session import Graph
from unspool.types import FIRST_EMITTED, Array, Question, Sequences, StepAnswer

NEXT = "next."
# What a step's graph reads and gives for each kind of answer.
INPUTS: dict[str, tuple[str, ...]] = {"top_k": ("n",), "log_prob": ("log_prob_of",), "everything": ()}
OUTPUTS = {"top_k": ("items", "log_probs"), "log_prob": ("log_prob",), "everything": (EVERYTHING,)}
# Rows up to which one thread is faster than several: handing work over takes longer than doing it.
FEW = 16
# More continuations than any vocabulary has: a graph gives as many as there are.
ALL = 2**31 - 1


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
    """Runs an encoder's and a step's graph; questions are answered inside the graph, as far as it can.

    alone: on the thread that asks, and no other
    """

    def __init__(self, encoder: Graph, step: Graph, manifest: Manifest, *, alone: bool = False) -> None:
        self.encoder, self.stepping, self.manifest, self.alone = encoder, step, manifest, alone
        read = step.inputs
        self._memory = [name for name in manifest.memory if name in read]
        self._state = [name for name in manifest.state if name in read]
        self._opened = ["first", *self._state, *self._memory]
        self._rest = [*manifest.attention, *["done"] * manifest.done, *(NEXT + name for name in self._state)]
        self.distribution = None if manifest.distribution is None else distribution_of(manifest.distribution)

    def open(self, source: Sequences[Array]) -> OnnxCursor:
        """Encode a batch and start it."""
        parts = {"source": source.values, "lengths": source.lengths, "inner": source.inner, "copies": source.copies}
        given = {name: part for name, part in parts.items() if name in self.encoder.inputs and part is not None}
        first, *leaves = self.encoder.run(self._opened, given, self._alone(len(source.lengths)))
        split = len(self._state)
        state = dict(zip(self._state, leaves[:split], strict=True))
        memory = dict(zip(self._memory, leaves[split:], strict=True))
        return OnnxCursor(first, np.arange(len(first)), state, memory, len(first))

    def step(self, cursor: OnnxCursor, question: Question) -> tuple[StepAnswer, OnnxCursor]:
        """Feed each row's last item."""
        if self.distribution is not None:
            return self._step_density(cursor, question)
        if "everything" not in self.manifest.answers:
            return self._step_by_best(cursor, question)
        given = question.log_prob_of
        inputs = {"n": np.array([question.top_k or 0])} | ({} if given is None else {"log_prob_of": given})
        best, one = ["items", "log_probs"] * (question.top_k is not None), ["log_prob"] * (given is not None)
        return self._run(cursor, inputs, [*best, *one, *[EVERYTHING] * question.everything])

    def _step_density(self, cursor: OnnxCursor, question: Question) -> tuple[StepAnswer, OnnxCursor]:
        """What parameters mean is computed here, not in the graph."""
        assert self.distribution is not None and question.top_k is None
        answer, cursor = self._run(cursor, {}, [EVERYTHING])
        if question.log_prob_of is not None:
            log_prob = self.distribution.log_prob(answer.whole, question.log_prob_of)
            answer = answer._replace(log_prob=log_prob)
        return answer._replace(everything=answer.whole if question.everything else None), cursor

    def _step_by_best(self, cursor: OnnxCursor, question: Question) -> tuple[StepAnswer, OnnxCursor]:
        """Of an older graph, which gives the best continuations alone: anything else takes all of them."""
        if question.log_prob_of is None and not question.everything:
            return self._run(cursor, {"n": np.array([question.top_k])}, ["items", "log_probs"])
        answer, cursor = self._run(cursor, {"n": np.array([ALL])}, ["items", "log_probs"])
        items, log_probs = answer.best
        table = np.full((len(items), items.max(initial=FIRST_EMITTED) + 1 - FIRST_EMITTED), -np.inf, log_probs.dtype)
        np.put_along_axis(table, items - FIRST_EMITTED, log_probs, axis=1)
        return look_up(table, question)._replace(attention=answer.attention, done=answer.done), cursor

    def _run(self, cursor: OnnxCursor, inputs: dict[str, Array], asked: list[str]) -> tuple[StepAnswer, OnnxCursor]:
        """Run the step's graph for these answers."""
        feed = {"last": cursor.last, "rows": cursor.rows, **inputs, **cursor.state, **cursor.memory}
        leaves = iter(self.stepping.run([*asked, *self._rest], feed, self._alone(len(cursor.last))))
        answers = {name: next(leaves) for name in asked}
        attention = _tree([next(leaves) for _ in self.manifest.attention])
        done = next(leaves) if self.manifest.done else None
        state = dict(zip(self._state, leaves, strict=True))
        answer = StepAnswer(**answers, attention=attention, done=done)
        return answer, cursor._replace(rows=np.arange(len(cursor.last)), state=state)

    def select(self, cursor: OnnxCursor, memories: Array, rows: Array, items: Array) -> OnnxCursor:
        """Keep these memories and rows; states are taken by the graph, in the next step."""
        memory = cursor.memory
        if len(memories) != cursor.memories or (memories[:-1] >= memories[1:]).any():
            memory = {name: leaf.take(memories, 0) for name, leaf in memory.items()}
        return OnnxCursor(items, cursor.rows[rows], cursor.state, memory, len(memories))

    def shared(self) -> tuple[OnnxStepper, int]:
        """A thread to a batch: two batches in parallel take two thirds of their time in turn, on two threads each."""
        return OnnxStepper(self.encoder, self.stepping, self.manifest, alone=True), self.stepping.threads

    def _alone(self, rows: int) -> bool:
        return self.alone or rows <= FEW


def open_stepper(folder: Path, manifest: Manifest, threads: int | None = None) -> OnnxStepper:
    """A stepper of the graphs of an exported folder; graphs that lack what the manifest names are a `Mistake`."""
    encoder, step = Graph(folder / ENCODER, threads), Graph(folder / STEP, threads)
    leaves = [*manifest.state, *manifest.memory]
    _check(folder / ENCODER, encoder, {"source", "lengths"}, {"first", *leaves})
    inputs = {"last", "rows", *(name for answer in manifest.answers for name in INPUTS[answer])}
    outputs = {*manifest.attention, *["done"] * manifest.done, *(NEXT + name for name in manifest.state)}
    outputs |= {name for answer in manifest.answers for name in OUTPUTS[answer]}
    _check(folder / STEP, step, inputs, outputs)
    return OnnxStepper(encoder, step, manifest)


def _check(path: Path, graph: Graph, inputs: set[str], outputs: set[str]) -> None:
    missing = inputs - graph.inputs | outputs - graph.outputs
    if missing:
        what = f"{path} lacks {', '.join(sorted(missing))}, which the manifest beside it names."
        raise Mistake(what, "It is of another export: export it again.")


def _tree(leaves: list[Any]) -> Any:
    """None, a leaf, or several as a tuple."""
    return None if not leaves else leaves[0] if len(leaves) == 1 else tuple(leaves)
