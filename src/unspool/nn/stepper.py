"""A PyTorch model as a stepper: NumPy in, NumPy out."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple, TypeAlias

import torch
from torch import Tensor

from unspool.nn.encoders import AttentionMemory
from unspool.nn.heads import log_prob_of
from unspool.types import (
    FIRST_EMITTED,
    Array,
    DensityHead,
    Distribution,
    HandedOver,
    Head,
    Memory,
    Question,
    Seq2Seq,
    Sequences,
    State,
    Step,
    StepAnswer,
    SymbolHead,
    map_tree,
)

# A forked process has none of its parent's threads, and PyTorch would wait for them for ever.
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=partial(torch.set_num_threads, 1))


class TorchCursor(NamedTuple):
    """The state of a batch during generation: the items to feed `[R]`, the decoder's state, and the memory.

    memories: B, the number of sources that are left (a memory without leaves does not show it)
    """

    last: Tensor
    state: State
    memory: Memory
    memories: int


class TorchStepper:
    """Runs the steps of a model; questions are answered on the model's device."""

    def __init__(self, model: Seq2Seq, device: torch.device) -> None:
        self.model = model
        self.device = device
        self.distribution: Distribution | None = model.head.distribution
        self._ask = _asking(model.head)

    @torch.inference_mode()
    def open(self, source: Sequences[Array]) -> TorchCursor:
        """Encode a batch and start decoding."""
        memory = self.model.encode(to_torch(source, self.device))
        last, state = self.model.start(memory)
        return TorchCursor(last, state, memory, len(source.values))

    @torch.inference_mode()
    def step(self, cursor: TorchCursor, question: Question) -> tuple[StepAnswer, TorchCursor]:
        """Feed each row's last item."""
        step, state = self.model.step(cursor.last, cursor.state, cursor.memory)
        given = question.log_prob_of
        wanted = None if given is None else torch.as_tensor(given, device=self.device)
        found = self._ask(step, cursor.memory, question, wanted)
        items, log_probs, log_prob, everything = map(_numpy, found)
        attention, done = _numpy(step.attention), _numpy(step.done)
        answer = StepAnswer(items, log_probs, log_prob, everything, attention, done)
        return answer, cursor._replace(state=state)

    @torch.inference_mode()
    def select(self, cursor: TorchCursor, memories: Array, rows: Array, items: Array) -> TorchCursor:
        """Keep these memories and rows."""
        kept = torch.as_tensor(rows, device=self.device)
        state = map_tree(lambda leaf: leaf.index_select(0, kept), cursor.state)
        memory = cursor.memory
        if len(memories) != cursor.memories or (memories[:-1] >= memories[1:]).any():
            sources = torch.as_tensor(memories, device=self.device)
            memory = map_tree(lambda leaf: leaf.index_select(0, sources), memory)
        return TorchCursor(torch.as_tensor(items, device=self.device), state, memory, len(memories))

    @property
    def reads_on(self) -> bool:
        """Whether the model carries a part of its state from piece to piece."""
        return bool(getattr(self.model, "carries", ()))

    @torch.inference_mode()
    def read_on(
        self, source: Sequences[Array], cursor: TorchCursor | None, question: Question
    ) -> tuple[StepAnswer, TorchCursor]:
        """The answers to a piece; the model ignores what it has written, so all steps are made at once."""
        opened = self.open(source)
        last, state, memory, _ = opened
        if cursor is not None:
            state = state._replace(**{name: getattr(cursor.state, name) for name in self.model.carries})  # type: ignore[attr-defined]
        inputs = last.unsqueeze(1).expand(-1, source.values.shape[1], *last.shape[1:])
        step, state = self.model.unroll(inputs, state, memory)
        found = self._ask(Step(step.output.flatten(0, 1)), memory, question, None)
        return StepAnswer(*map(_numpy, found)), opened._replace(state=state)

    def values(self, cursor: TorchCursor) -> Array | None:
        """See `AttendingStepper`."""
        memory, attention = cursor.memory, getattr(cursor.state, "attention", None)
        if not isinstance(memory, AttentionMemory) or memory.copies is not None:
            return None
        return None if getattr(attention, "coverage", None) is not None else _numpy(memory.states)

    def with_values(self, cursor: TorchCursor, values: Array) -> TorchCursor:
        """See `AttendingStepper`."""
        states = torch.as_tensor(values, dtype=cursor.memory.states.dtype, device=self.device)
        return cursor._replace(memory=cursor.memory._replace(states=states))

    def handed_over(self, cursor: TorchCursor) -> HandedOver:
        """See `EncodingStepper`."""
        memory, state = cursor.memory, cursor.state
        if (states := getattr(memory, "states", None)) is not None:
            return HandedOver(states=_numpy(states))
        if type(state) is not tuple or not isinstance(state[-1], tuple):
            return HandedOver()  # not a stack of recurrent layers
        return HandedOver(context=_numpy(getattr(memory, "summary", state[-1][0])))

    def shared(self) -> tuple[TorchStepper, int]:
        """Itself and 1, because all of PyTorch's threads work on one batch."""
        return self, 1


# Items and log-probabilities of the best, log-probabilities of the given items, everything: as in `StepAnswer`.
Found: TypeAlias = tuple[Tensor | None, Tensor | None, Tensor | None, Tensor | None]


def _ask_symbols(head: SymbolHead, step: Step, memory: Memory, question: Question, wanted: Tensor | None) -> Found:
    """One answer comes from the head directly; several come from one table, so that the projection is computed once."""
    if not question.everything and (wanted is None or question.top_k is None):
        items, log_probs = (None, None) if question.top_k is None else head.top_k(step, question.top_k, memory)
        return items, log_probs, None if wanted is None else head.log_prob(step, wanted, memory), None
    table, items, log_probs = head.log_probs(step, memory), None, None
    if question.top_k is not None:
        log_probs, classes = table.topk(min(question.top_k, table.shape[-1]), -1)
        items = classes + FIRST_EMITTED
    given = None if wanted is None else log_prob_of(table, wanted)
    return items, log_probs, given, table if question.everything else None


def _ask_density(head: DensityHead, step: Step, memory: Memory, question: Question, wanted: Tensor | None) -> Found:
    """Real values have no k best continuations."""
    assert question.top_k is None
    given = None if wanted is None else head.log_prob(step, wanted, memory)
    return None, None, given, head.density_parameters(step, memory) if question.everything else None


def _asking(head: Head) -> Callable[[Step, Memory, Question, Tensor | None], Found]:
    """The function that asks a head; a module-level function, so that a stepper can be pickled."""
    if isinstance(head, SymbolHead):
        return partial(_ask_symbols, head)
    assert isinstance(head, DensityHead)
    return partial(_ask_density, head)


def to_torch(sequences: Sequences[Array], device: torch.device) -> Sequences[Tensor]:
    """One side of a batch, on the model's device."""

    def move(array: Array) -> Tensor:
        return torch.from_numpy(array).to(device, non_blocking=True)

    return Sequences(
        move(sequences.values),
        move(sequences.lengths),
        map_tree(move, sequences.inner),
        map_tree(move, sequences.copies),
    )


def _numpy(tree: Any) -> Any:
    return map_tree(lambda leaf: leaf.float().cpu().numpy() if leaf.is_floating_point() else leaf.cpu().numpy(), tree)
