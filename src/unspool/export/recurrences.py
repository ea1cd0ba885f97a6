"""Recurrent layers as ONNX operators: one node reads a whole batch of ragged sequences.

A traced loop over time would fix the length of the example, and our kernels' padding flag would be in the graph. So in
a copy of the model, the `unroll` of each layer is an LSTM, GRU or RNN node, which takes the lengths and reads both
directions at once. In ONNX, time is the first axis, and the order of gates is i, o, f, c and z, r, h.
"""

from __future__ import annotations

import copy
from typing import Any, NamedTuple, TypeVar

import torch
from torch import Tensor, nn

from unspool.kernels.recurrence import RnnState, RnnWeights
from unspool.nn import cells
from unspool.nn.cells import Cell
from unspool.nn.stacks import Bidirectional

M = TypeVar("M", bound=nn.Module)

# The rows i, f and o of a peephole, in the order of ONNX: i, o, f.
PEEPHOLES = [0, 2, 1]


class Operator(NamedTuple):
    """The ONNX operator of a cell; `gates` lists the cell's gates in the operator's order."""

    name: str
    gates: list[int]
    attributes: dict[str, Any]


OPERATORS: dict[type[Cell], Operator] = {
    cells.PlainCell: Operator("RNN", [0], {"activations": ["Tanh"]}),
    cells.SigmoidCell: Operator("RNN", [0], {"activations": ["Sigmoid"]}),
    cells.LSTMCell: Operator("LSTM", [0, 3, 1, 2], {}),
    cells.PeepholeLSTMCell: Operator("LSTM", [0, 3, 1, 2], {}),
    cells.GRUCell: Operator("GRU", [1, 0, 2], {"linear_before_reset": 1}),
    cells.ResetBeforeGRUCell: Operator("GRU", [1, 0, 2], {"linear_before_reset": 0}),
}


class Recurrence(nn.Module):
    """One node for a cell, or for the two cells of a bidirectional layer; called like `unroll`.

    It is only for tracing: in PyTorch it computes nothing.
    """

    def __init__(self, *directions: Cell) -> None:
        super().__init__()
        first, self.directions = directions[0], len(directions)
        assert all((type(cell), cell.size) == (type(first), first.size) for cell in directions)
        self.operator, self.size = OPERATORS[type(first)], first.size
        weights = [self._weights(cell) for cell in directions]
        self.names = [f"weight_{place}" for place in range(len(weights[0]))]
        for name, parts in zip(self.names, zip(*weights, strict=True), strict=True):
            self.register_buffer(name, torch.stack(parts))

    def forward(self, x: Tensor, state: RnnState, mask: Tensor | None = None) -> tuple[Tensor, RnnState]:
        """Read `[B, T, I]`: outputs `[B, T, D]`, zero at padding, and the state after each row's last real item."""
        rows, steps = x.shape[:2]
        lengths = None if mask is None else mask.sum(1).to(torch.int32)
        initial = [component.view(rows, self.directions, self.size).transpose(0, 1) for component in state]
        projection, recurrence, bias, *peepholes = (getattr(self, name) for name in self.names)
        outputs, *final = torch.onnx.ops.symbolic_multi_out(
            self.operator.name,
            [x.transpose(0, 1), projection, recurrence, bias, lengths, *initial, *peepholes],
            self._attributes(),
            dtypes=[x.dtype] * (1 + len(state)),
            shapes=[[steps, self.directions, rows, self.size], *([self.directions, rows, self.size] for _ in state)],
        )
        final = [last.transpose(0, 1).flatten(1) for last in final]
        if mask is not None:  # some kernels return zero for an empty sequence
            read = mask.any(1, keepdim=True)
            final = [torch.where(read, last, first) for last, first in zip(final, state, strict=True)]
        return outputs.permute(2, 0, 1, 3).flatten(2), tuple(final)

    def _attributes(self) -> dict[str, Any]:
        """The operator's attributes, with an entry for each direction in its lists."""
        own = self.operator.attributes
        own = {key: value * self.directions if isinstance(value, list) else value for key, value in own.items()}
        return own | {"hidden_size": self.size, "direction": ["forward", "bidirectional"][self.directions - 1]}

    def _weights(self, cell: Cell) -> list[Tensor]:
        """W, R, B and, for peepholes, P, in the operator's order of gates."""
        parameters = (cell.input.weight, cell.hidden.weight, cell.input.bias, cell.hidden.bias)
        projection, recurrence, *biases = (self._ordered(parameter.detach()) for parameter in parameters)
        weights = [projection, recurrence, torch.cat(biases)]
        if isinstance(cell, cells.PeepholeLSTMCell):
            weights.append(cell.peephole.detach()[PEEPHOLES].flatten())
        return weights

    def _ordered(self, weight: Tensor) -> Tensor:
        gates = weight.chunk(len(self.operator.gates))
        return torch.cat([gates[gate] for gate in self.operator.gates])


class NodeCell(Cell):
    """A cell whose `unroll` is one node; its steps do not change."""

    def __init__(self, cell: Cell) -> None:
        nn.Module.__init__(self)  # it shares the cell's parts and weights
        self.gates, self.components, self.size = cell.gates, cell.components, cell.size
        self.input, self.hidden, self.recurrent_dropout = cell.input, cell.hidden, cell.recurrent_dropout
        self.cell, self.node = cell, Recurrence(cell)

    def equations(self, projection: Tensor, state: RnnState, weights: RnnWeights) -> RnnState:
        """The cell's equations."""
        return self.cell.equations(projection, state, weights)

    def unroll(self, x: Tensor, state: RnnState, mask: Tensor | None = None) -> tuple[Tensor, RnnState]:
        """All steps, by the node."""
        read: tuple[Tensor, RnnState] = self.node(x, state, mask)
        return read


class NodeBidirectional(Bidirectional):
    """A bidirectional layer whose `unroll` is one node."""

    def __init__(self, layer: Bidirectional) -> None:
        super().__init__(layer.ahead, layer.back)
        self.node = Recurrence(layer.ahead, layer.back)

    def unroll(self, x: Tensor, state: RnnState, mask: Tensor | None = None) -> tuple[Tensor, RnnState]:
        """All steps, by the node."""
        read: tuple[Tensor, RnnState] = self.node(x, state, mask)
        return read


def by_nodes(model: M) -> M:
    """A copy of the model in which the `unroll` of every recurrent layer is one node: for the encoder's graph."""
    layers = [layer for layer in model.modules() if isinstance(layer, Bidirectional)]
    inside = {id(cell) for layer in layers for cell in (layer.ahead, layer.back)}
    cells = [cell for cell in model.modules() if isinstance(cell, Cell) and id(cell) not in inside]
    # `deepcopy` takes objects from its memo, so the copy is built with the nodes in place of the layers.
    nodes: dict[int, Any] = {id(layer): NodeBidirectional(layer) for layer in layers}
    return copy.deepcopy(model, nodes | {id(cell): NodeCell(cell) for cell in cells})
