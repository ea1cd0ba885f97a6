"""An exported model as a stepper: NumPy in, NumPy out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from unspool.decoding.table import look_up
from unspool.distributions import distribution_of
from unspool.errors import Mistake
from unspool.runtime.handed_over import handed_over_of
from unspool.runtime.manifest import ENCODER, EVERYTHING, STEP, Manifest
from unspool.runtime.session import Graph
from unspool.types import FIRST_EMITTED, Array, HandedOver, Question, Sequences, StepAnswer

NEXT = "next."
VALUES, KEYS = "memory.states", "memory.keys"
# Inputs and outputs of a step's graph for each kind of question.
INPUTS: dict[str, tuple[str, ...]] = {"top_k": ("n",), "log_prob": ("log_prob_of",), "everything": ()}
OUTPUTS = {"top_k": ("items", "log_probs"), "log_prob": ("log_prob",), "everything": (EVERYTHING,)}
# Up to this many rows one thread is faster than several, because passing work to threads takes longer than the work.
FEW = 16
# More continuations than any vocabulary has: a graph returns all of them.
ALL = 2**31 - 1


class OnnxCursor(NamedTuple):
    """The state of a batch during generation.

    last:     `[R]` the items to feed
    rows:     `[R]` the row of `state` that each row continues; the graph gathers them
    state:    leaves by name, `[R0, ...]`
    memory:   leaves by name, `[B, ...]`, without those that no step reads
    memories: B, the number of sources that are left
    """

    last: Array
    rows: Array
    state: Mapping[str, Array]
    memory: Mapping[str, Array]
    memories: int


class OnnxStepper:
    """Runs the graphs of an encoder and of a step. The step's graph answers questions if it can.

    alone: runs in the calling thread only
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
        """Encode a batch and start decoding."""
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
        """The density is evaluated here and not in the graph."""
        assert self.distribution is not None and question.top_k is None
        answer, cursor = self._run(cursor, {}, [EVERYTHING])
        if question.log_prob_of is not None:
            log_prob = self.distribution.log_prob(answer.whole, question.log_prob_of)
            answer = answer._replace(log_prob=log_prob)
        return answer._replace(everything=answer.whole if question.everything else None), cursor

    def _step_by_best(self, cursor: OnnxCursor, question: Question) -> tuple[StepAnswer, OnnxCursor]:
        """A step of an older graph, which returns only the best continuations: other questions need all of them."""
        if question.log_prob_of is None and not question.everything:
            return self._run(cursor, {"n": np.array([question.top_k])}, ["items", "log_probs"])
        answer, cursor = self._run(cursor, {"n": np.array([ALL])}, ["items", "log_probs"])
        items, log_probs = answer.best
        table = np.full((len(items), items.max(initial=FIRST_EMITTED) + 1 - FIRST_EMITTED), -np.inf, log_probs.dtype)
        np.put_along_axis(table, items - FIRST_EMITTED, log_probs, axis=1)
        return look_up(table, question)._replace(attention=answer.attention, done=answer.done), cursor

    def _run(self, cursor: OnnxCursor, inputs: dict[str, Array], asked: list[str]) -> tuple[StepAnswer, OnnxCursor]:
        """Run the step's graph for these outputs."""
        feed = {"last": cursor.last, "rows": cursor.rows, **inputs, **cursor.state, **cursor.memory}
        leaves = iter(self.stepping.run([*asked, *self._rest], feed, self._alone(len(cursor.last))))
        answers = {name: next(leaves) for name in asked}
        attention = _tree([next(leaves) for _ in self.manifest.attention])
        done = next(leaves) if self.manifest.done else None
        state = dict(zip(self._state, leaves, strict=True))
        answer = StepAnswer(**answers, attention=attention, done=done)
        return answer, cursor._replace(rows=np.arange(len(cursor.last)), state=state)

    def select(self, cursor: OnnxCursor, memories: Array, rows: Array, items: Array) -> OnnxCursor:
        """Keep these memories and rows; the graph gathers the states in the next step."""
        memory = cursor.memory
        if len(memories) != cursor.memories or (memories[:-1] >= memories[1:]).any():
            memory = {name: leaf.take(memories, 0) for name, leaf in memory.items()}
        return OnnxCursor(items, cursor.rows[rows], cursor.state, memory, len(memories))

    def values(self, cursor: OnnxCursor) -> Array | None:
        """See `AttendingStepper`; the names are those of `nn.encoders.AttentionMemory` in an export."""
        plain = len(self.manifest.attention) == 1 and "memory.copies" not in self.manifest.memory
        plain &= not any(name.endswith(".coverage") for name in self.manifest.state)
        return cursor.memory.get(VALUES) if plain and KEYS in cursor.memory else None

    def with_values(self, cursor: OnnxCursor, values: Array) -> OnnxCursor:
        """See `AttendingStepper`."""
        return cursor._replace(memory={**cursor.memory, VALUES: values})

    def handed_over(self, cursor: OnnxCursor) -> HandedOver:
        """See `EncodingStepper`."""
        return handed_over_of(cursor.memory, cursor.state)

    def prepare(self) -> None:
        """Open the graphs for any number of rows, so that their files may change afterwards."""
        for graph in (self.encoder, self.stepping):
            graph.prepare()

    @property
    def reads_on(self) -> bool:
        """Whether the model carries a part of its state from piece to piece."""
        return bool(self.manifest.carries)

    def read_on(
        self, source: Sequences[Array], cursor: OnnxCursor | None, question: Question
    ) -> tuple[StepAnswer, OnnxCursor]:
        """The answers to a piece, step by step."""
        opened = self.open(source)
        if cursor is not None:
            opened = opened._replace(
                state={**opened.state, **{name: cursor.state[name] for name in self.manifest.carries}}
            )
        answers = []
        for _ in range(source.values.shape[1]):
            answer, opened = self.step(opened, question)
            answers.append(answer)
        parts = zip(*(answer[:4] for answer in answers), strict=True)
        return StepAnswer(*(None if rows[0] is None else np.concatenate(rows) for rows in parts)), opened

    def shared(self) -> tuple[OnnxStepper, int]:
        """One thread for each batch: two batches in parallel need two thirds of the time of one after the other."""
        return OnnxStepper(self.encoder, self.stepping, self.manifest, alone=True), self.stepping.threads

    def _alone(self, rows: int) -> bool:
        return self.alone or rows <= FEW


def open_stepper(folder: Path, manifest: Manifest, threads: int | None = None) -> OnnxStepper:
    """A stepper with the graphs of an exported folder; graphs that do not fit the manifest are a `Mistake`."""
    encoder, step = (Graph(folder / name, threads, manifest.hashes.get(name)) for name in (ENCODER, STEP))
    leaves = [*manifest.state, *manifest.memory]
    _check(folder / ENCODER, encoder, {"source", "lengths"}, {"inner", "copies"}, ["first", *leaves])
    asked = {name for names in INPUTS.values() for name in names}
    needed = {"last", "rows", *manifest.state, *(name for answer in manifest.answers for name in INPUTS[answer])}
    outputs = [*manifest.attention, *["done"] * manifest.done, *(NEXT + name for name in manifest.state)]
    outputs += [name for answer in manifest.answers for name in OUTPUTS[answer]]
    _check(folder / STEP, step, needed, {*manifest.memory, *asked}, outputs)
    if unlike := [name for name in leaves if name in step.inputs and not encoder.outputs[name].fits(step.inputs[name])]:
        what = f"{folder / ENCODER} makes another {unlike[0]} than {STEP} takes."
        raise Mistake(what, "The graphs are of two exports: export it again.")
    return OnnxStepper(encoder, step, manifest)


def _check(path: Path, graph: Graph, needed: set[str], optional: set[str], outputs: list[str]) -> None:
    """Refuse a graph that lacks a name of the manifest, or takes one that nobody gives; each name comes once."""
    repeated = {name for name in outputs if outputs.count(name) > 1}
    missing = needed - graph.inputs.keys() | set(outputs) - graph.outputs.keys() | repeated
    unknown = graph.inputs.keys() - needed - optional
    if missing or unknown:
        named = ", ".join(sorted(missing)) or f"a value for {', '.join(sorted(unknown))}"
        raise Mistake(
            f"{path} lacks {named} according to the manifest.", "It belongs to another export: export it again."
        )


def _tree(leaves: list[Any]) -> Any:
    """None, one leaf, or a tuple of several."""
    return None if not leaves else leaves[0] if len(leaves) == 1 else tuple(leaves)
