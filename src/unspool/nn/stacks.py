"""Layers of cells, one above the other.

Behind each layer stand, in this order: dropout (not above the top layer), the residual connection (from the second
layer on or a later one, where sizes agree), layer normalisation.
The state is a tuple with one entry a layer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn

from unspool.errors import Mistake
from unspool.nn.cells import CELLS, Cell, CellState
from unspool.nn.dropout import Dropout
from unspool.nn.looped_cells import looped
from unspool.nn.looping import SteppingCell

StackState = tuple[CellState, ...]


class Bidirectional(nn.Module):
    """Two cells, one reading backwards; output and state are both, side by side: `[B, T, D]` of D/2 each."""

    def __init__(self, ahead: Cell, back: Cell) -> None:
        super().__init__()
        self.ahead, self.back = ahead, back
        self.size = ahead.size + back.size

    def initial(self, rows: int) -> CellState:
        """Zeros, `[rows, D]` for each component."""
        pairs = zip(self.ahead.initial(rows), self.back.initial(rows), strict=True)
        return tuple(torch.cat(pair, -1) for pair in pairs)

    def unroll(self, x: Tensor, state: CellState, mask: Tensor | None = None) -> tuple[Tensor, CellState]:
        """Read in both directions; each final state stands behind the last item that it read."""
        if mask is None:
            mask = torch.ones(x.shape[:2], dtype=torch.bool, device=x.device)
        state_ahead = tuple(component[:, : self.ahead.size] for component in state)
        state_back = tuple(component[:, self.ahead.size :] for component in state)
        ahead, final_ahead = self.ahead.unroll(x, state_ahead, mask)
        back, final_back = self.back.unroll_back(x, state_back, mask)
        final = tuple(torch.cat(pair, -1) for pair in zip(final_ahead, final_back, strict=True))
        return torch.cat([ahead, back], -1), final


class Between(NamedTuple):
    """What stands between two layers; `residual_from` is the lowest layer that has a residual connection, from 0."""

    dropout: float = 0.0
    residual: bool = False
    layer_norm: bool = False
    residual_from: int = 1


class Layers(NamedTuple):
    """The layers of a stack for one loop over time, bottom first: their cells, and what drops each one's outputs."""

    cells: Sequence[SteppingCell]
    drops: Sequence[Callable[[Tensor], Tensor]]


class Stack(nn.Module):
    """Layers one above the other; `layers` lists them, bottom first."""

    def __init__(self, layers: Sequence[Cell | Bidirectional], between: Between) -> None:
        super().__init__()
        self.size = layers[-1].size
        self.residual, self.residual_from = between.residual, between.residual_from
        self.dropout = Dropout(between.dropout)
        self.layers = nn.ModuleList(layers)
        self.norms = nn.ModuleList(
            [nn.LayerNorm(layer.size) if between.layer_norm else nn.Identity() for layer in layers]
        )

    @property
    def cells(self) -> list[Cell]:
        """The layers of a stack that can step: all of one direction."""
        cells = [layer for layer in self.layers if isinstance(layer, Cell)]
        assert len(cells) == len(self.layers), "a stack of two directions cannot step"
        return cells

    @property
    def levels(self) -> list[Cell | Bidirectional]:
        """The layers, bottom first."""
        return [layer for layer in self.layers if isinstance(layer, Cell | Bidirectional)]

    def initial(self, rows: int) -> StackState:
        """Zeros."""
        return tuple(level.initial(rows) for level in self.levels)

    def unroll(self, x: Tensor, state: StackState, mask: Tensor | None = None) -> tuple[Tensor, StackState]:
        """Outputs `[B, T, D]` of the top layer, and every layer's final state."""
        bottom, final = self.levels[0].unroll(x, state[0], mask)
        top, finals = self.unroll_above(bottom, state, mask)
        return top, (final, *finals)

    def unroll_above(
        self, bottom: Tensor, state: StackState, mask: Tensor | None = None, beside: Tensor | None = None
    ) -> tuple[Tensor, StackState]:
        """All steps of the layers above the bottom one, from its outputs `[B, T, D]`; `state` is the whole stack's.

        `beside` `[B, T, C]` stands next to the input of each of them, as a context that every layer sees.
        """
        x, finals = self._join(0, None, bottom, self.dropout), []
        for depth in range(1, len(self.layers)):
            seen = x if beside is None else torch.cat([x, beside], -1)
            outputs, final = self.levels[depth].unroll(seen, state[depth], mask)
            finals.append(final)
            x = self._join(depth, x, outputs, self.dropout)
        return x, tuple(finals)

    def step(self, x: Tensor, state: StackState) -> tuple[Tensor, StackState]:
        """One step from `[R, I]`: the top layer's output `[R, D]` and every layer's state."""
        return self.step_driven(self.cells[0].drive(x), state)

    def looped(self, steps: int, late: int) -> Layers:
        """The layers as a loop of so many steps should use them; `late` columns of the bottom one's input come late."""
        bottom, *above = self.cells
        cells = [looped(bottom, steps, late), *(looped(cell, steps, cell.input.in_features) for cell in above)]
        return Layers(cells, [self.dropout.held() for _ in cells])

    def step_driven(
        self,
        drive: Tensor,
        state: StackState,
        late: Tensor | None = None,
        layers: Layers | None = None,
    ) -> tuple[Tensor, StackState]:
        """One step whose bottom layer gets its drive `[R, gates·D]` ready made, and what is late of its input.

        `layers` are those prepared for a loop, where there is one.
        """
        cells, drops = layers or Layers(self.cells, [self.dropout] * len(self.layers))
        bottom, *above = cells
        stepped = [bottom.step(drive, state[0], late)]
        x = self._join(0, None, stepped[0][0], drops[0])
        for depth, cell in enumerate(above, 1):
            stepped.append(cell.step(None, state[depth], x))
            x = self._join(depth, x, stepped[-1][0], drops[depth])
        return x, tuple(stepped)

    def _join(self, depth: int, x: Tensor | None, outputs: Tensor, drop: Callable[[Tensor], Tensor]) -> Tensor:
        """What the next layer sees. Nothing is dropped above the top: the reader of a stack decides that."""
        if depth < len(self.layers) - 1:
            outputs = drop(outputs)
        if self.residual and depth >= self.residual_from and x is not None and x.shape[-1] == outputs.shape[-1]:
            outputs = outputs + x
        joined: Tensor = self.norms[depth](outputs)
        return joined


def stack_of(cell: str, input_size: int, size: int, layers: int, between: Between) -> Stack:
    """`layers` cells of one kind and one size, reading forwards."""
    sizes = [input_size] + [size] * (layers - 1)
    return Stack([CELLS[cell](below, size) for below in sizes], between)


def bidirectional_stack_of(cell: str, input_size: int, size: int, layers: int, between: Between) -> Stack:
    """The same in both directions; `size`, which must be even, is the width of both together."""
    if size % 2:
        raise Mistake(f"An encoder that reads both ways cannot have the odd size {size}.", "Make encoder_size even.")
    kind, half = CELLS[cell], size // 2
    sizes = [input_size] + [size] * (layers - 1)
    return Stack([Bidirectional(kind(below, half), kind(below, half)) for below in sizes], between)
