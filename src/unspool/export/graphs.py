"""A model as two graphs: one encodes a source and starts decoding, the other computes a step."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import onnx
import torch
from torch import Tensor, nn

from unspool.export.answers import add_answers
from unspool.export.recurrences import by_nodes
from unspool.export.tables import tabulate
from unspool.export.tracing import trace
from unspool.export.trees import clone_leaves, flatten, leaf_names, unflatten
from unspool.fields.examples import example_source
from unspool.nn.stepper import to_torch
from unspool.runtime.manifest import EVERYTHING
from unspool.types import DensityHead, Dimensions, Memory, Seq2Seq, Sequences, State, Step, SymbolHead, map_tree

SEED = 1


class Names(NamedTuple):
    """The names of graphs in a manifest: leaves in the order of their trees, of the memory those that a step reads.

    done:         whether a step returns `done`
    answers:      the questions that a step can answer
    distribution: the density of a model of real values
    carries:      the leaves of the state that go on where a source comes in pieces
    """

    memory: list[str]
    state: list[str]
    attention: list[str]
    done: bool
    answers: list[str]
    distribution: str | None
    carries: list[str]


class Graphs(NamedTuple):
    """Both graphs and the names of their leaves."""

    encoder: onnx.ModelProto
    step: onnx.ModelProto
    names: Names


class TracedExample(NamedTuple):
    """A batch during generation, and its next step, in which `rows` of `state` are fed `last`."""

    source: Sequences[Tensor]
    last: Tensor
    rows: Tensor
    state: State
    memory: Memory
    step: Step

    def encoder_inputs(self) -> tuple[Tensor, ...]:
        """The inputs of the encoder's graph."""
        parts = (self.source.values, self.source.lengths, self.source.inner, self.source.copies)
        return tuple(part for part in parts if part is not None)

    def step_inputs(self) -> tuple[Any, ...]:
        """The inputs of the step's graph."""
        return self.last, self.rows, flatten(self.state), flatten(self.memory)


class EncoderGraph(nn.Module):
    """From a source to the first items, the first state and the memory."""

    model: Any

    def __init__(self, model: nn.Module, kept: list[bool], third: str) -> None:
        super().__init__()
        self.model, self.kept, self.third = model, kept, third

    def forward(self, source: Tensor, lengths: Tensor, more: Tensor | None = None) -> tuple[list[Tensor], ...]:
        """From the parts of a source, where the third is `inner` or `copies`; returns only the kept memory leaves."""
        memory = self.model.encode(Sequences(source, lengths, **({self.third: more} if self.third else {})))
        first, state = self.model.start(memory)
        kept = [leaf for leaf, kept in zip(flatten(memory), self.kept, strict=True) if kept]
        return clone_leaves(first), clone_leaves(state), clone_leaves(tuple(kept))


class StepGraph(nn.Module):
    """One step of rows that continue rows of the state."""

    model: Any

    def __init__(self, model: nn.Module, example: TracedExample) -> None:
        super().__init__()
        self.model, self.trees = model, (example.state, example.memory)

    def forward(
        self, last: Tensor, rows: Tensor, state: list[Tensor], memory: list[Tensor]
    ) -> tuple[list[Tensor], ...]:
        """From `[R]`, `[R]`, `[R0, ...]` and `[B, ...]` to the whole distribution and the leaves of the trees."""
        continued = unflatten(self.trees[0], [leaf.index_select(0, rows) for leaf in state])
        whole = unflatten(self.trees[1], memory)
        step, following = self.model.step(last, continued, whole)
        everything = _everything(self.model, step, whole)
        return clone_leaves(everything), clone_leaves(step.attention), clone_leaves(step.done), clone_leaves(following)


def graphs_of(model: Seq2Seq, dimensions: Dimensions) -> Graphs:
    """Trace a model in evaluation mode on the CPU; dimensions: those of its source and target."""
    assert isinstance(model, nn.Module) and not model.training
    # An axis is free if the two examples differ in its size: lengths and numbers of sources, sentences, rows.
    one = _example(model, dimensions, (20, 8, 12), sentence=4, share=2, steps=2)
    other = _example(model, dimensions, (12, 6), sentence=6, share=5, steps=3)
    memory, state = leaf_names(one.memory, "memory"), leaf_names(one.state, "state")
    attention, done = leaf_names(one.step.attention, "attention"), one.step.done is not None
    outputs = [EVERYTHING, *attention, *["done"] * done, *(f"next.{name}" for name in state)]
    step = trace(
        StepGraph(model, one), one.step_inputs(), other.step_inputs(), ["last", "rows", *state, *memory], outputs
    )
    tabulate(step)
    distribution = model.head.distribution
    if distribution is None:
        add_answers(step)
    kept = _read(step.graph, memory)
    memory = [name for name, is_read in zip(memory, kept, strict=True) if is_read]
    parts = _parts(one.source)
    third = parts[2] if len(parts) > 2 else ""
    graph = EncoderGraph(by_nodes(model), kept, third)
    encoder = trace(graph, one.encoder_inputs(), other.encoder_inputs(), parts, ["first", *state, *memory])
    answers = ["top_k", "log_prob", "everything"] if distribution is None else ["everything"]
    name = None if distribution is None else distribution.name
    carried = [f"state.{field}." for field in getattr(model, "carries", ())]
    carries = [leaf for leaf in state if any(leaf.startswith(field) for field in carried)]
    return Graphs(encoder, step, Names(memory, state, attention, done, answers, name, carries))


def _everything(model: Seq2Seq, step: Step, memory: Memory) -> Tensor:
    """Log-probabilities of all classes `[R, C]`, or the parameters of a density `[R, P]`."""
    if isinstance(model.head, SymbolHead):
        return model.head.log_probs(step, memory)
    assert isinstance(model.head, DensityHead)
    return model.head.density_parameters(step, memory)


def _parts(source: Sequences[Tensor]) -> list[str]:
    """The names of the encoder's inputs: the parts of a source that are not None."""
    parts = {"source": source.values, "lengths": source.lengths, "inner": source.inner, "copies": source.copies}
    return [name for name, part in parts.items() if part is not None]


@torch.no_grad()
def _example(
    model: Seq2Seq, dimensions: Dimensions, lengths: tuple[int, ...], *, sentence: int, share: int, steps: int
) -> TracedExample:
    """An example with `share` rows for each source, `steps` after the start, and a state with one more row."""
    draw = np.random.default_rng(SEED)
    source = to_torch(example_source(dimensions, lengths, draw, sentence), torch.device("cpu"))
    memory = model.encode(source)
    first, state = model.start(memory)
    rows = torch.arange(len(source.lengths)).repeat_interleave(share)
    last, state = first[rows], map_tree(lambda leaf: leaf[rows], state)
    for _ in range(steps):
        step, state = model.step(last, state, memory)
    one_more = map_tree(lambda leaf: torch.cat([leaf, leaf[:1]]), state)
    return TracedExample(source, last, torch.arange(len(last)), one_more, memory, step)


def _read(graph: onnx.GraphProto, inputs: list[str]) -> list[bool]:
    """Which of these inputs are read by a node; the others are removed from the graph."""
    read = {name for node in graph.node for name in node.input}
    for value in [value for value in graph.input if value.name in inputs and value.name not in read]:
        graph.input.remove(value)
    return [name in read for name in inputs]
