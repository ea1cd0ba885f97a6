"""Stacks of recurrent layers.

After each layer come, in this order: dropout (not after the top layer), the residual connection (from the second or a
later layer on, if sizes agree), layer normalisation. The state is a tuple with one entry for each layer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn

from unspool.errors import Mistake
from unspool.kernels.recurrence import RecurrentLoop, RnnState, StepwiseLoop
from unspool.nn.cells import CELLS, Cell
from unspool.nn.dropout import Dropout

StackState = tuple[RnnState, ...]


class Bidirectional(nn.Module):
    """Two cells, one for each direction; outputs `[B, T, D]` and states are concatenations, with D/2 of each cell."""

    def __init__(self, ahead: Cell, back: Cell) -> None:
        super().__init__()
        self.ahead, self.back = ahead, back
        self.size = ahead.size + back.size

    def initial(self, rows: int) -> RnnState:
        """Zeros, `[rows, D]` for each component."""
        pairs = zip(self.ahead.initial(rows), self.back.initial(rows), strict=True)
        return tuple(torch.cat(pair, -1) for pair in pairs)

    def unroll(self, x: Tensor, state: RnnState, mask: Tensor | None = None) -> tuple[Tensor, RnnState]:
        """All steps in both directions; each final state is that after the last item in its direction."""
        if mask is None:
            mask = torch.ones(x.shape[:2], dtype=torch.bool, device=x.device)
        state_ahead = tuple(component[:, : self.ahead.size] for component in state)
        state_back = tuple(component[:, self.ahead.size :] for component in state)
        ahead, final_ahead = self.ahead.unroll(x, state_ahead, mask)
        back, final_back = self.back.unroll_backward(x, state_back, mask)
        final = tuple(torch.cat(pair, -1) for pair in zip(final_ahead, final_back, strict=True))
        return torch.cat([ahead, back], -1), final


class LayerOptions(NamedTuple):
    """Options of all layers of a stack.

    dropout:           after each layer except the top one
    residual_from:     the lowest layer with a residual connection, counted from 0
    recurrent_dropout: the share of each cell's recurrent weights that are dropped in a pass
    """

    dropout: Dropout | None = None
    residual: bool = False
    layer_norm: bool = False
    residual_from: int = 1
    recurrent_dropout: float = 0.0

    def cell(self, kind: str, input_size: int, size: int) -> Cell:
        """A cell of this kind."""
        return CELLS[kind](input_size, size, self.recurrent_dropout)


class StackLoop(NamedTuple):
    """The layers of a stack for one loop over time, bottom first: their cells, and the dropout after each."""

    cells: Sequence[RecurrentLoop]
    dropouts: Sequence[Callable[[Tensor], Tensor]]


class Stack(nn.Module):
    """Several recurrent layers as one; `layers` lists them, bottom first."""

    def __init__(self, layers: Sequence[Cell | Bidirectional], options: LayerOptions) -> None:
        super().__init__()
        self.size = layers[-1].size
        self.residual, self.residual_from = options.residual, options.residual_from
        self.dropout = options.dropout or Dropout(0.0)
        self.layers = nn.ModuleList(layers)
        self.norms = nn.ModuleList(
            [nn.LayerNorm(layer.size) if options.layer_norm else nn.Identity() for layer in layers]
        )

    @property
    def cells(self) -> list[Cell]:
        """The layers of a stack with one direction, the only kind that can step."""
        cells = [layer for layer in self.layers if isinstance(layer, Cell)]
        assert len(cells) == len(self.layers), "a stack of two directions cannot step"
        return cells

    @property
    def levels(self) -> list[Cell | Bidirectional]:
        """The layers, bottom first."""
        return [layer for layer in self.layers if isinstance(layer, Cell | Bidirectional)]

    def initial(self, rows: int) -> StackState:
        """Zeros for each layer."""
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

        `beside` `[B, T, C]` is concatenated to the input of each of them, as a context for every layer.
        """
        x, finals = self._join(0, None, bottom, self.dropout), []
        for depth in range(1, len(self.layers)):
            inputs = x if beside is None else torch.cat([x, beside], -1)
            outputs, final = self.levels[depth].unroll(inputs, state[depth], mask)
            finals.append(final)
            x = self._join(depth, x, outputs, self.dropout)
        return x, tuple(finals)

    def step(self, x: Tensor, state: StackState) -> tuple[Tensor, StackState]:
        """One step from `[R, I]`: the top layer's output `[R, D]` and every layer's state."""
        return self.step_projected(self.cells[0].input_projection(x), state)

    def loop(self, inputs: Tensor, context_size: int) -> StackLoop:
        """The layers for a loop of T steps over inputs `[B, T, ·]` of the bottom one; see `Cell.loop`."""
        bottom, *above = self.cells
        cells = [bottom.loop(inputs, context_size), *(cell.loop(inputs, cell.input.in_features) for cell in above)]
        return StackLoop(cells, [self.dropout.for_loop() for _ in cells])

    def step_projected(
        self,
        projection: Tensor,
        state: StackState,
        context: Tensor | None = None,
        loop: StackLoop | None = None,
    ) -> tuple[Tensor, StackState]:
        """One step from the bottom layer's input projection `[R, gates·D]`, and the context, the rest of its input.

        loop: the layers of a loop over time, if the step is part of one
        """
        cells, dropouts = loop or self._single_step()
        bottom, *above = cells
        stepped = [bottom.step(projection, state[0], context)]
        x = self._join(0, None, stepped[0][0], dropouts[0])
        for depth, cell in enumerate(above, 1):
            stepped.append(cell.step(None, state[depth], x))
            x = self._join(depth, x, stepped[-1][0], dropouts[depth])
        return x, tuple(stepped)

    def _single_step(self) -> StackLoop:
        cells = [StepwiseLoop(cell.weights, cell.equations) for cell in self.cells]
        return StackLoop(cells, [self.dropout] * len(cells))

    def _join(self, depth: int, x: Tensor | None, outputs: Tensor, drop: Callable[[Tensor], Tensor]) -> Tensor:
        """The input of the next layer. There is no dropout after the top layer; the user of the stack decides that."""
        if depth < len(self.layers) - 1:
            outputs = drop(outputs)
        if self.residual and depth >= self.residual_from and x is not None and x.shape[-1] == outputs.shape[-1]:
            outputs = outputs + x
        joined: Tensor = self.norms[depth](outputs)
        return joined


def stack_of(cell: str, input_size: int, size: int, layers: int, options: LayerOptions) -> Stack:
    """`layers` cells of one kind and one size, in forward direction."""
    sizes = [input_size] + [size] * (layers - 1)
    return Stack([options.cell(cell, below, size) for below in sizes], options)


def bidirectional_stack_of(cell: str, input_size: int, size: int, layers: int, options: LayerOptions) -> Stack:
    """The same in both directions; `size`, which must be even, is the width of both together."""
    if size % 2:
        raise Mistake(f"A bidirectional encoder cannot have the odd size {size}.", "Make encoder_size even.")
    half, sizes = size // 2, [input_size] + [size] * (layers - 1)
    pairs = [(options.cell(cell, below, half), options.cell(cell, below, half)) for below in sizes]
    return Stack([Bidirectional(*pair) for pair in pairs], options)
