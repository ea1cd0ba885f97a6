"""Gates and states of every recurrent layer over time, with the symbols that were read and written."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
import torch
from torch import Tensor

from unspool.errors import Mistake
from unspool.explain.forced_answer import ForcedAnswer
from unspool.explain.recording import Phase, Recording, record
from unspool.nn.cells import Cell
from unspool.nn.gate_values import gate_values
from unspool.types import Array

Level: TypeAlias = Literal["", "words", "sentences"]
# The parts of a state, in its order: the output, and the cell state of an LSTM.
STATE_NAMES = ("h", "c")


@dataclass(frozen=True, slots=True)
class CellTrace:
    """One layer in one direction, over all of its steps.

    phase:    whether it read the source or wrote the answer
    level:    of a hierarchical network, what it read
    layer:    from 1, bottom first
    backward: whether it read from the end; its steps have the order of the symbols all the same
    symbols:  T names; where a network reads the last item first, in the order of reading
    gates:    by name, `[T, D]` each; empty if its cell has none
    states:   by name, `[T, D]` each, after each step
    """

    phase: Phase
    level: Level
    layer: int
    backward: bool
    symbols: list[str]
    gates: dict[str, Array]
    states: dict[str, Array]

    def to_json(self, of: Literal["gates", "states"]) -> dict[str, Any]:
        """As it is written to a file: one of both, rounded; a row for each symbol."""
        values = {name: array.round(4).tolist() for name, array in getattr(self, of).items()}
        level = {"level": self.level} if self.level else {}
        return {
            "phase": self.phase, **level, "layer": self.layer, "backward": self.backward, "symbols": self.symbols,
            of: values,
        }  # fmt: skip


@torch.no_grad()
def cell_traces(forced: ForcedAnswer) -> list[CellTrace]:
    """Every layer of the network, those that read first. A network without recurrence is a `Mistake`."""
    recording = record(forced.model, forced.explained)
    if not recording.cells:
        raise Mistake("This network has no recurrent layer.", "See its attention: --what heads")
    names = _SymbolNames(forced)
    return [
        _trace(recording, phase, name, recording.cells[name], names)
        for phase in ("reading", "writing")
        for name in sorted(recording.cells, key=_order)
        if recording.steps.get((phase, name))
    ]  # fmt: skip


def _trace(recording: Recording, phase: Phase, name: str, cell: Cell, names: _SymbolNames) -> CellTrace:
    steps = recording.steps[phase, name]
    level, backward = _level(name), name.endswith(".back")
    symbols, lengths = names.of(phase, level, len(steps))
    gates = [gate_values(cell, step) for step in steps]

    def over_time(find: Callable[[int], Tensor]) -> Array:
        return _joined(torch.stack([find(t) for t in range(len(steps))]), lengths, backward=backward)

    return CellTrace(
        phase, level, _layer(name), backward, symbols,
        {gate: over_time(lambda t, gate=gate: gates[t][gate]) for gate in gates[0]},  # type: ignore[misc]
        {part: over_time(lambda t, place=place: steps[t].after[place])  # type: ignore[misc]
         for place, part in zip(range(cell.components), STATE_NAMES, strict=False)},
    )  # fmt: skip


class _SymbolNames:
    """The names of what a layer reads or writes, and how many of them each of its rows has."""

    def __init__(self, forced: ForcedAnswer) -> None:
        self._forced = forced
        self._explained = forced.explained

    def of(self, phase: Phase, level: Level, steps: int) -> tuple[list[str], list[int]]:
        source, tokens = self._forced.source_tokens, self._forced.tokens
        if level:
            assert self._explained.source.inner is not None
            inner = [int(length) for length in self._explained.source.inner[0]]
            if level == "words":
                return source, inner
            return [str(number) for number in range(1, len(inner) + 1)], [len(inner)]
        if phase == "writing":
            return tokens, [len(tokens)]
        if self._explained.continues:  # the last item is the first input of the answer
            return ["<s>", *source[:-1]][:steps], [steps]
        return source[::-1] if self._explained.from_the_end else source, [len(source)]


def _joined(values: Tensor, lengths: Sequence[int], *, backward: bool) -> Array:
    """The steps `[S, R, D]` of rows of some lengths as one sequence `[sum, D]`, without their padding."""
    rows: Array = values.float().cpu().numpy()
    parts = [rows[:length, row] for row, length in enumerate(lengths)]
    return np.concatenate([part[::-1] for part in parts] if backward else parts)


def _level(name: str) -> Level:
    first = name.split(".")[0]
    return "words" if first == "words" else "sentences" if first == "sentences" else ""


def _layer(name: str) -> int:
    """The number of a layer from the name of its cell, which ends in its place in a list and its direction."""
    return int(re.findall(r"\d+", name)[-1]) + 1


def _order(name: str) -> tuple[bool, int, bool]:
    return name.startswith("sentences"), _layer(name), name.endswith(".back")
