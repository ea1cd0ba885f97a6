"""A network in PyTorch as search sees it: NumPy in, NumPy out."""

from __future__ import annotations

from typing import Any, NamedTuple

import torch
from torch import Tensor

from unspool.types import Array, Choices, Memory, Seq2Seq, Sequences, State, map_tree


class TorchCursor(NamedTuple):
    """Where a batch under generation stands: the items to feed `[R]`, the state before them, and what they read.

    memories: how many sources are left, B (a memory may have no leaf to tell)
    """

    last: Tensor
    state: State
    memory: Memory
    memories: int


class TorchStepper:
    """Steps a model; the n best continuations are found where the numbers are."""

    def __init__(self, model: Seq2Seq, device: torch.device) -> None:
        self.model = model
        self.device = device

    @torch.inference_mode()
    def open(self, source: Sequences[Array]) -> TorchCursor:
        """Encode a batch and start it."""
        memory = self.model.encode(to_torch(source, self.device))
        last, state = self.model.start(memory)
        return TorchCursor(last, state, memory, len(source.values))

    @torch.inference_mode()
    def step(self, cursor: TorchCursor, n: int) -> tuple[Choices, TorchCursor]:
        """Feed each row's last item."""
        step, state = self.model.step(cursor.last, cursor.state, cursor.memory)
        items, log_probs = self.model.head.top(step, n, cursor.memory)
        choices = Choices(items.cpu().numpy(), log_probs.cpu().numpy(), _numpy(step.attention), _numpy(step.done))
        return choices, cursor._replace(state=state)

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

    def shared(self) -> tuple[TorchStepper, int]:
        """Itself and 1: PyTorch's threads work on one batch together."""
        return self, 1


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
