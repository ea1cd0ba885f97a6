"""The values of a cell's gates at one step, for people who look inside; the equations are those of `nn.cells`.

A gate is between 0, closed, and 1, open. The candidate, between -1 and 1, is what may be written into the state.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional

from unspool.kernels.observing import ObservedStep
from unspool.kernels.precision import at_least_float
from unspool.nn.cells import Cell, GRUCell, LSTMCell, PeepholeLSTMCell, ResetBeforeGRUCell

# The candidates among the names; the others are gates.
CANDIDATES = ("g", "n")


def gate_values(cell: Cell, step: ObservedStep) -> dict[str, Tensor]:
    """By name, `[R, D]` each: of an LSTM i, f, g, o; of a GRU r, z, n; nothing of a cell without gates."""
    find = _GATES.get(type(cell))
    return {} if find is None else find(cell, step)


def _lstm(cell: Cell, step: ObservedStep) -> dict[str, Tensor]:
    i, f, g, o = _inputs(step).chunk(4, -1)
    return {"i": torch.sigmoid(i), "f": torch.sigmoid(f), "g": torch.tanh(g), "o": torch.sigmoid(o)}


def _peepholes(cell: Cell, step: ObservedStep) -> dict[str, Tensor]:
    """Gates i and f read the old cell state, gate o the new one."""
    assert isinstance(cell, PeepholeLSTMCell)
    into_i, into_f, into_o = cell.peephole
    old, new = step.before[1], step.after[1]
    i, f, g, o = _inputs(step).chunk(4, -1)
    opened = {"i": torch.sigmoid(i + into_i * old), "f": torch.sigmoid(f + into_f * old)}
    return {**opened, "g": torch.tanh(g), "o": torch.sigmoid(o + into_o * new)}


def _gru(cell: Cell, step: ObservedStep) -> dict[str, Tensor]:
    input_r, input_z, input_n = at_least_float(step.projection).chunk(3, -1)
    r, z, n = at_least_float(step.weights.recur(step.before[0])).chunk(3, -1)
    reset = torch.sigmoid(input_r + r)
    return {"r": reset, "z": torch.sigmoid(input_z + z), "n": torch.tanh(input_n + reset * n)}


def _reset_before(cell: Cell, step: ObservedStep) -> dict[str, Tensor]:
    """The reset gate comes before the product."""
    r, z = torch.sigmoid(_inputs(step)[:, : 2 * cell.size]).chunk(2, -1)
    weight, bias = (part[2 * cell.size :] for part in (step.weights.hidden, step.weights.hidden_bias))
    recurrent = functional.linear(r * step.before[0], weight, bias)
    return {"r": r, "z": z, "n": torch.tanh(at_least_float(step.projection[:, 2 * cell.size :] + recurrent))}


def _inputs(step: ObservedStep) -> Tensor:
    """What the gates are computed from: the sum of both contributions, `[R, gates·D]`."""
    return at_least_float(step.projection + step.weights.recur(step.before[0]))


_GATES: dict[type[Cell], Callable[[Cell, ObservedStep], dict[str, Tensor]]] = {
    LSTMCell: _lstm,
    PeepholeLSTMCell: _peepholes,
    GRUCell: _gru,
    ResetBeforeGRUCell: _reset_before,
}
