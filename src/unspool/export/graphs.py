"""A model as two graphs: one encodes and starts, the other steps and names the best continuations."""

from __future__ import annotations

from typing import Any, NamedTuple

import onnx
import torch
from torch import Tensor, nn

from unspool.export.leaves import leaves, names, rebuilt
from unspool.export.recurrences import by_nodes
from unspool.export.tables import tabulate
from unspool.export.top import add_top
from unspool.export.tracing import trace
from unspool.nn.masks import mask_of
from unspool.types import UNK, Form, Memory, Seq2Seq, Sequences, State, Step, Tree, map_tree

ANY = Form()


class Names(NamedTuple):
    """What the leaves are called, in the order of their trees; of the memory those that a step reads.

    done: whether the step says it
    """

    memory: list[str]
    state: list[str]
    attention: list[str]
    done: bool


class Graphs(NamedTuple):
    """Both graphs and the names of their leaves."""

    encoder: onnx.ModelProto
    step: onnx.ModelProto
    names: Names


class Example(NamedTuple):
    """Where the generation of a batch stands, and what the next step says: `rows` of `state` are fed `last`."""

    source: Sequences[Tensor]
    last: Tensor
    rows: Tensor
    state: State
    memory: Memory
    step: Step

    def read(self) -> tuple[Tensor, ...]:
        """What the encoder's graph is given."""
        parts = (self.source.values, self.source.lengths, self.source.inner, self.source.copies)
        return tuple(part for part in parts if part is not None)

    def fed(self) -> tuple[Any, ...]:
        """What the step's graph is given."""
        return self.last, self.rows, leaves(self.state), leaves(self.memory)


class EncoderGraph(nn.Module):
    """Source to first items, first state and memory."""

    model: Any

    def __init__(self, model: nn.Module, kept: list[bool], third: str) -> None:
        super().__init__()
        self.model, self.kept, self.third = model, kept, third

    def forward(self, source: Tensor, lengths: Tensor, more: Tensor | None = None) -> tuple[list[Tensor], ...]:
        """From the parts of a source, the third of them `inner` or `copies`; of the memory's leaves, those kept."""
        memory = self.model.encode(Sequences(source, lengths, **({self.third: more} if self.third else {})))
        first, state = self.model.start(memory)
        kept = [leaf for leaf, kept in zip(leaves(memory), self.kept, strict=True) if kept]
        return apart(first), apart(state), apart(tuple(kept))


class StepGraph(nn.Module):
    """One step of rows that continue some rows of the state."""

    model: Any

    def __init__(self, model: nn.Module, example: Example) -> None:
        super().__init__()
        self.model, self.trees = model, (example.state, example.memory)

    def forward(
        self, last: Tensor, rows: Tensor, state: list[Tensor], memory: list[Tensor]
    ) -> tuple[list[Tensor], ...]:
        """From `[R]`, `[R]`, `[R0, ...]` and `[B, ...]`: log-probabilities of all classes, and the trees' leaves."""
        continued = rebuilt(self.trees[0], [leaf.index_select(0, rows) for leaf in state])
        whole = rebuilt(self.trees[1], memory)
        step, following = self.model.step(last, continued, whole)
        log_probs = self.model.head.distribution(step, whole)
        return apart(log_probs), apart(step.attention), apart(step.done), apart(following)


def apart(tree: Tree) -> list[Tensor]:
    """The leaves, each a value of its own: what is said twice, or handed through, has two names."""
    return [leaf.clone() for leaf in leaves(tree)]


def graphs_of(model: Seq2Seq, form: Form = ANY, *, features: int = 0) -> Graphs:
    """Trace a model that is ready to predict, on the processor.

    form: what it reads and writes; features: F, where it reads real values
    """
    assert isinstance(model, nn.Module) and not model.training
    third = "inner" if form.documents else "copies" if form.copies else ""
    one = _example(model, _source((5, 2, 4), 6, form, features), share=2, steps=2)
    other = _example(model, _source((7, 3), 4, form, features), share=5, steps=3)
    memory, state = names(one.memory, "memory"), names(one.state, "state")
    attention, done = names(one.step.attention, "attention"), one.step.done is not None
    said = ["log_probs", *attention, *["done"] * done, *(f"next.{name}" for name in state)]
    step = trace(StepGraph(model, one), one.fed(), other.fed(), ["last", "rows", *state, *memory], said)
    tabulate(step)
    add_top(step)
    kept = _read(step.graph, memory)
    memory = [name for name, is_read in zip(memory, kept, strict=True) if is_read]
    encoder = trace(
        EncoderGraph(by_nodes(model), kept, third),
        one.read(),
        other.read(),
        ["source", "lengths", *[third] * bool(third)],
        ["first", *state, *memory],
    )
    return Graphs(encoder, step, Names(memory, state, attention, done))


def _source(lengths: tuple[int, ...], words: int, form: Form, features: int) -> Sequences[Tensor]:
    """A batch of sequences of ids or of real values, or of documents with as many words in each sentence."""
    counts, size = torch.tensor(lengths), max(lengths)
    if features:
        return Sequences(torch.zeros(len(lengths), size, features), counts)
    if not form.documents:
        ids = torch.full((len(lengths), size), UNK)
        return Sequences(ids, counts, copies=ids if form.copies else None)
    return Sequences(torch.full((len(lengths), size, words), UNK), counts, words * mask_of(counts, size))


@torch.no_grad()
def _example(model: Seq2Seq, source: Sequences[Tensor], share: int, steps: int) -> Example:
    """`share` rows for each source, `steps` behind the start, from a state with a row more."""
    memory = model.encode(source)
    first, state = model.start(memory)
    rows = torch.arange(len(source.lengths)).repeat_interleave(share)
    last, state = first[rows], map_tree(lambda leaf: leaf[rows], state)
    for _ in range(steps):
        step, state = model.step(last, state, memory)
    one_more = map_tree(lambda leaf: torch.cat([leaf, leaf[:1]]), state)
    return Example(source, last, torch.arange(len(last)), one_more, memory, step)


def _read(graph: onnx.GraphProto, inputs: list[str]) -> list[bool]:
    """Which of these inputs any node reads; the others are removed."""
    read = {name for node in graph.node for name in node.input}
    for value in [value for value in graph.input if value.name in inputs and value.name not in read]:
        graph.input.remove(value)
    return [name in read for name in inputs]
