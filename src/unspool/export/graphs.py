"""A model as two graphs: one encodes and starts, the other steps and names the best continuations."""

from __future__ import annotations

from typing import Any, NamedTuple

import onnx
import torch
from torch import Tensor, nn

from unspool.export.leaves import leaves, names, rebuilt
from unspool.export.recurrences import by_nodes, by_steps
from unspool.export.tables import tabulate
from unspool.export.top import add_top
from unspool.export.tracing import trace
from unspool.types import UNK, Memory, Seq2Seq, Sequences, State, Step, map_tree


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

    def read(self) -> tuple[Any, ...]:
        """What the step's graph is given."""
        return self.last, self.rows, leaves(self.state), leaves(self.memory)


class EncoderGraph(nn.Module):
    """Source to first items, first state and memory."""

    model: Any

    def __init__(self, model: nn.Module, kept: list[bool]) -> None:
        super().__init__()
        self.model, self.kept = model, kept

    def forward(self, source: Tensor, lengths: Tensor) -> tuple[Tensor, list[Tensor], list[Tensor]]:
        """From `[B, S]` and `[B]`; of the memory's leaves, those that are kept."""
        memory = self.model.encode(Sequences(source, lengths))
        first, state = self.model.start(memory)
        return first, leaves(state), [leaf for leaf, kept in zip(leaves(memory), self.kept, strict=True) if kept]


class StepGraph(nn.Module):
    """One step of rows that continue some rows of the state."""

    model: Any

    def __init__(self, model: nn.Module, example: Example) -> None:
        super().__init__()
        self.model, self.trees = model, (example.state, example.memory)

    def forward(self, last: Tensor, rows: Tensor, state: list[Tensor], memory: list[Tensor]) -> tuple[Any, ...]:
        """From `[R]`, `[R]`, `[R0, ...]` and `[B, ...]`: log-probabilities of all classes, and the trees' leaves."""
        continued = rebuilt(self.trees[0], [leaf.index_select(0, rows) for leaf in state])
        whole = rebuilt(self.trees[1], memory)
        step, following = self.model.step(last, continued, whole)
        log_probs = self.model.head.distribution(step, whole)
        return log_probs, leaves(step.attention), leaves(step.done), leaves(following)


def graphs_of(model: Seq2Seq) -> Graphs:
    """Trace a model that is ready to predict, on the processor."""
    assert isinstance(model, nn.Module) and not model.training
    one, other = _example(model, (5, 2, 4), share=2, steps=2), _example(model, (7, 3), share=5, steps=3)
    memory, state = names(one.memory, "memory"), names(one.state, "state")
    attention, done = names(one.step.attention, "attention"), one.step.done is not None
    said = ["log_probs", *attention, *["done"] * done, *(f"next.{name}" for name in state)]
    step = trace(
        StepGraph(by_steps(model), one), one.read(), other.read(), ["last", "rows", *state, *memory], said
    )  # fmt: skip
    tabulate(step)
    add_top(step)
    read = {value.name for value in step.graph.input}
    kept = [name in read for name in memory]
    memory = [name for name in memory if name in read]
    encoder = trace(
        EncoderGraph(by_nodes(model), kept),
        (one.source.values, one.source.lengths),
        (other.source.values, other.source.lengths),
        ["source", "lengths"],
        ["first", *state, *memory],
    )
    return Graphs(encoder, step, Names(memory, state, attention, done))


@torch.no_grad()
def _example(model: Seq2Seq, lengths: tuple[int, ...], share: int, steps: int) -> Example:
    """`share` rows for each source, `steps` behind the start, from a state with a row more."""
    source = Sequences(torch.full((len(lengths), max(lengths)), UNK), torch.tensor(lengths))
    memory = model.encode(source)
    first, state = model.start(memory)
    rows = torch.arange(len(lengths)).repeat_interleave(share)
    last, state = first[rows], map_tree(lambda leaf: leaf[rows], state)
    for _ in range(steps):
        step, state = model.step(last, state, memory)
    one_more = map_tree(lambda leaf: torch.cat([leaf, leaf[:1]]), state)
    return Example(source, last, torch.arange(len(last)), one_more, memory, step)
