"""What happens inside a network while it reads a source and writes a known answer: steps of cells, and attention."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

import torch
from torch import Tensor, nn

from unspool.explain.forced_answer import Explained
from unspool.kernels.observing import ObservedStep, observing
from unspool.nn.cells import Cell
from unspool.nn.multihead import MultiHead
from unspool.nn.stepper import to_torch
from unspool.types import Seq2Seq, Tree

Phase: TypeAlias = Literal["reading", "writing"]


@dataclass(slots=True)
class Recording:
    """Of one source and one answer. Parts have the names that they have in the network.

    steps:     of each cell, by phase and name, in the order in which they were made
    heads:     the weights of each multi-head attention, `[H, Q, S]`, by phase and name
    attention: the model's own, `[T, S]` for each answer; a tree if there are several, or None
    """

    cells: dict[str, Cell] = field(default_factory=dict)
    steps: dict[tuple[Phase, str], list[ObservedStep]] = field(default_factory=lambda: defaultdict(list))
    heads: dict[tuple[Phase, str], Tensor] = field(default_factory=dict)
    attention: Tree = None


@torch.no_grad()
def record(model: Seq2Seq, explained: Explained) -> Recording:
    """Read the source and write the answer, with plain kernels."""
    assert isinstance(model, nn.Module)
    recorder, device = _Recorder(model), next(model.parameters()).device
    with observing(recorder.take_step), recorder.hooks():
        memory = model.encode(to_torch(explained.source, device))
        first, state = model.start(memory)
        recorder.phase = "writing"
        answer = torch.as_tensor(explained.answer, device=device).unsqueeze(0)
        inputs = torch.cat([first.unsqueeze(1).to(answer.dtype), answer[:, :-1]], 1)
        step, _ = model.unroll(inputs, state, memory)
    recorder.recording.attention = step.attention
    return recorder.recording


class _Recorder:
    """Fills a recording; phase: what the network does now."""

    def __init__(self, model: nn.Module) -> None:
        self.phase: Phase = "reading"
        self.recording = Recording({name: part for name, part in model.named_modules() if isinstance(part, Cell)})
        self._names = {id(cell.hidden.weight): name for name, cell in self.recording.cells.items()}
        self._heads = {part: name for name, part in model.named_modules() if isinstance(part, MultiHead)}

    def take_step(self, step: ObservedStep) -> None:
        """An observer; see `kernels.observing`."""
        self.recording.steps[self.phase, self._names[id(step.weights.hidden)]].append(step)

    @contextmanager
    def hooks(self) -> Iterator[None]:
        """In this context, the weights of every multi-head attention are recorded."""
        handles = [part.register_forward_hook(self._take_heads) for part in self._heads]
        try:
            yield
        finally:
            for handle in handles:
                handle.remove()

    def _take_heads(self, part: nn.Module, inputs: tuple[Any, ...], output: Tensor) -> None:
        assert isinstance(part, MultiHead)
        self.recording.heads[self.phase, self._heads[part]] = part.head_weights(*inputs)[0]
