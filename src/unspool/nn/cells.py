"""Recurrent cells: plain, LSTM and GRU, each with a step to read and an unrolled form to run.

A cell's state is a tuple of `[R, D]` tensors whose first is its output: `(h,)`, for the LSTM `(h, c)`. Its *drive* is
what its input contributes to the gates, `W x + b`: it needs no state, so callers compute it for all steps at once and
may add up inputs that arrive at different times (an embedding now, a context only inside the recurrence).

The defaults are the fast library kernels: LSTM without peepholes, GRU that resets after the product. The papers' forms
stand beside them as `lstm_peepholes` (Graves 2013, eq. 7-11), `gru_reset_before` (Cho et al. 2014, eq. 5-8) and
`rnn_sigmoid`; they run step by step.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable
from typing import Self

import torch
from torch import Tensor, nn
from torch.nn import functional

from unspool.nn.dropout import Dropout
from unspool.nn.masks import last, reverse
from unspool.nn.passes import Weights, gru_pass, lstm_pass

CellState = tuple[Tensor, ...]

# Large enough that a gate is exactly 0 or 1, in float32 and in bfloat16.
SATURATED = 1e4
# The kernels' matrix tiles are whole at multiples of this; one column more than a multiple halves their speed.
TILE = 32


class Cell(nn.Module):
    """One recurrent layer. `gates` blocks of D rows in each weight; `components` tensors in its state."""

    gates: int
    components: int

    def __init__(self, input_size: int, size: int) -> None:
        super().__init__()
        self.size = size
        self.input = nn.Linear(input_size, self.gates * size)
        self.hidden = nn.Linear(size, self.gates * size)
        self.recurrent_dropout = Dropout(0.0)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Xavier for the input, orthogonal for each gate's recurrence, zero biases."""
        for rows in self.input.weight.data.chunk(self.gates):
            nn.init.xavier_uniform_(rows)
        for rows in self.hidden.weight.data.chunk(self.gates):
            nn.init.orthogonal_(rows)
        nn.init.zeros_(self.input.bias)
        nn.init.zeros_(self.hidden.bias)

    def initial(self, rows: int) -> CellState:
        """Zeros, `[rows, D]` for each component."""
        zeros = self.input.weight.new_zeros(rows, self.size)
        return (zeros,) * self.components

    def for_a_pass(self) -> Self:
        """The cell as one pass over a sequence sees it: the same recurrent weights dropped at every step, if any."""
        if not self.recurrent_dropout.drops:
            return self
        twin = copy.copy(self)
        weight = self.recurrent_dropout(self.hidden.weight)
        twin._modules = self._modules | {"hidden": _Affine(weight, self.hidden.bias)}
        return twin

    def drive(self, x: Tensor, start: int = 0) -> Tensor:
        """What inputs `[..., I']` that stand from column `start` on contribute to the gates: `[..., gates·D]`.

        The bias comes in with the inputs that start at 0, so partial drives add up to the whole.
        """
        weight = self.input.weight[:, start : start + x.shape[-1]]
        return functional.linear(x, weight, self.input.bias if start == 0 else None)

    def drives(self, x: Tensor) -> Iterable[Tensor]:
        """The drives of all steps of `[B, T, I']`, `[B, gates·D]` each, made in one product."""
        return self.drive(x).unbind(1)

    def step(self, drive: Tensor | None, state: CellState, late: Tensor | None = None) -> CellState:
        """One step from a drive `[R, gates·D]`.

        late: `[R, I'']` the last columns of the input, where they become known only inside the recurrence; all of it
            where there is no drive
        """
        if late is not None:
            within = self.drive(late, self.input.in_features - late.shape[-1])
            drive = within if drive is None else drive + within
        assert drive is not None
        return self.advance(drive, state)

    def advance(self, drive: Tensor, state: CellState) -> CellState:
        """The equations of one step, from the whole drive."""
        raise NotImplementedError

    def unroll(self, x: Tensor, state: CellState, mask: Tensor | None = None) -> tuple[Tensor, CellState]:
        """All steps of `[B, T, I]`: outputs `[B, T, D]` and the state behind each row's last real item.

        The outputs at padding mean nothing; the final state does not depend on it.
        """
        return unroll_by_steps(self, x, state, mask)

    def unroll_back(self, x: Tensor, state: CellState, mask: Tensor) -> tuple[Tensor, CellState]:
        """The same from each row's last real item to its first; outputs stand where their items do."""
        outputs, final = self.unroll(reverse(x, mask), state, mask)
        return reverse(outputs, mask), final


def unroll_by_steps(cell: Cell, x: Tensor, state: CellState, mask: Tensor | None = None) -> tuple[Tensor, CellState]:
    """The readable form that every kernel is tested against."""
    cell, outputs = cell.for_a_pass(), []
    for t, drive in enumerate(cell.drives(x)):
        stepped = cell.step(drive, state)
        if mask is not None:
            real = mask[:, t].unsqueeze(1)
            stepped = tuple(torch.where(real, new, old) for new, old in zip(stepped, state, strict=True))
        state = stepped
        outputs.append(state[0])
    return torch.stack(outputs, 1) if outputs else x.new_zeros(len(x), 0, cell.size), state


class _Affine(nn.Module):
    """`nn.Linear` with a weight that is no parameter of its own."""

    def __init__(self, weight: Tensor, bias: Tensor) -> None:
        super().__init__()
        self.weight, self.bias = weight, bias

    def forward(self, x: Tensor) -> Tensor:
        return functional.linear(x, self.weight, self.bias)


def drop_recurrence(model: nn.Module, probability: float) -> None:
    """From now on every cell in the model loses some of its recurrent weights in each pass (Merity et al. 2017)."""
    for part in model.modules():
        if isinstance(part, Cell):
            part.recurrent_dropout = Dropout(probability)


class PlainCell(Cell):
    """`h = tanh(W x + b + U h)` (Elman 1990)."""

    gates, components = 1, 1

    def advance(self, drive: Tensor, state: CellState) -> CellState:
        """See the class."""
        return (torch.tanh(drive + self.hidden(state[0])),)

    def unroll(self, x: Tensor, state: CellState, mask: Tensor | None = None) -> tuple[Tensor, CellState]:
        """By the library's kernel."""
        outputs, final = torch.rnn_tanh(x, _cast(state[0], x).unsqueeze(0), _weights(self), *_OPTIONS)
        return outputs, (final.squeeze(0) if mask is None else last(outputs, mask, state[0]),)


class SigmoidCell(Cell):
    """`h = σ(W x + b + U h)`, as the oldest texts write it."""

    gates, components = 1, 1

    def advance(self, drive: Tensor, state: CellState) -> CellState:
        """See the class."""
        return (torch.sigmoid(drive + self.hidden(state[0])),)


class LSTMCell(Cell):
    """Long short-term memory with a forget gate (Gers et al. 2000); gates in the order i, f, g, o.

    `c = f∘c + i∘g`, `h = o∘tanh(c)`. The forget bias starts at 1 (Jozefowicz et al. 2015).
    """

    gates, components = 4, 2

    def reset_parameters(self) -> None:
        """As every cell; the forget gate starts open."""
        super().reset_parameters()
        self.input.bias.data.view(4, self.size)[1].fill_(1.0)

    def advance(self, drive: Tensor, state: CellState) -> CellState:
        """See the class."""
        h, c = state
        i, f, g, o = (drive + self.hidden(h)).chunk(4, -1)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        return torch.sigmoid(o) * torch.tanh(c), c

    def unroll(self, x: Tensor, state: CellState, mask: Tensor | None = None) -> tuple[Tensor, CellState]:
        """By our own kernel where it is compiled and trained, else by the library's, on padded input.

        The library's gives c only behind the last step, so padding must leave it alone: a padding flag in the input
        shuts the input gate and opens the forget gate, exactly 0 and 1, and c stands still (its gradient, too).
        """
        passed = lstm_pass(x, state, mask, _weights(self), back=False)
        if passed is not None:
            return passed
        weights: tuple[Tensor, ...] = _weights(self)
        if mask is not None:
            x, weights = self._with_padding_flag(x, mask, weights)
        initial = [_cast(component, x).unsqueeze(0) for component in state]
        outputs, h, c = torch.lstm(x, initial, weights, *_OPTIONS)
        return outputs, (h.squeeze(0) if mask is None else last(outputs, mask, state[0]), c.squeeze(0))

    def unroll_back(self, x: Tensor, state: CellState, mask: Tensor) -> tuple[Tensor, CellState]:
        """See `Cell.unroll_back`."""
        passed = lstm_pass(x, state, mask, _weights(self), back=True)
        return super().unroll_back(x, state, mask) if passed is None else passed

    def _with_padding_flag(
        self, x: Tensor, mask: Tensor, weights: tuple[Tensor, ...]
    ) -> tuple[Tensor, tuple[Tensor, ...]]:
        """Input `[B, T, I + TILE]` and weights to match: one column is the flag, the others fill up the tile."""
        flags = functional.pad((~mask).to(x.dtype).unsqueeze(-1), (0, TILE - 1))
        gates = weights[0].new_tensor([-SATURATED, SATURATED, 0.0, 0.0]).repeat_interleave(self.size)
        columns = functional.pad(gates.unsqueeze(1), (0, TILE - 1))
        return torch.cat([x, flags], -1), (torch.cat([weights[0], columns], 1), *weights[1:])


class PeepholeLSTMCell(LSTMCell):
    """LSTM whose gates see the cell (Graves 2013, eq. 7-11): i and f the old one, o the new one."""

    def __init__(self, input_size: int, size: int) -> None:
        super().__init__(input_size, size)
        self.peephole = nn.Parameter(torch.zeros(3, size))

    def advance(self, drive: Tensor, state: CellState) -> CellState:
        """See the class."""
        h, c = state
        i, f, g, o = (drive + self.hidden(h)).chunk(4, -1)
        into_i, into_f, into_o = self.peephole
        c_new = torch.sigmoid(f + into_f * c) * c + torch.sigmoid(i + into_i * c) * torch.tanh(g)
        return torch.sigmoid(o + into_o * c_new) * torch.tanh(c_new), c_new

    def unroll(self, x: Tensor, state: CellState, mask: Tensor | None = None) -> tuple[Tensor, CellState]:
        """Step by step: no library kernel has peepholes."""
        return unroll_by_steps(self, x, state, mask)

    def unroll_back(self, x: Tensor, state: CellState, mask: Tensor) -> tuple[Tensor, CellState]:
        """Step by step, too."""
        return Cell.unroll_back(self, x, state, mask)


class GRUCell(Cell):
    """Gated recurrent unit that resets after the product; gates in the order r, z, n.

    `n = tanh(W_n x + b + r∘(U_n h + b'))`, `h = (1 - z)∘n + z∘h`. Here z keeps the old state, as the kernels have it;
    in Bahdanau et al. 2014 it weighs the new one, in Cho et al. 2014 the old one: a relabelling.
    """

    gates, components = 3, 1

    def advance(self, drive: Tensor, state: CellState) -> CellState:
        """See the class."""
        (h,) = state
        drive_r, drive_z, drive_n = drive.chunk(3, -1)
        r, z, n = self.hidden(h).chunk(3, -1)
        n = torch.tanh(drive_n + torch.sigmoid(drive_r + r) * n)
        z = torch.sigmoid(drive_z + z)
        return (n + z * (h - n),)

    def unroll(self, x: Tensor, state: CellState, mask: Tensor | None = None) -> tuple[Tensor, CellState]:
        """By our own kernel where it is compiled and trained, else by the library's."""
        passed = gru_pass(x, state, mask, _weights(self), back=False)
        if passed is not None:
            return passed
        outputs, final = torch.gru(x, _cast(state[0], x).unsqueeze(0), _weights(self), *_OPTIONS)
        return outputs, (final.squeeze(0) if mask is None else last(outputs, mask, state[0]),)

    def unroll_back(self, x: Tensor, state: CellState, mask: Tensor) -> tuple[Tensor, CellState]:
        """See `Cell.unroll_back`."""
        passed = gru_pass(x, state, mask, _weights(self), back=True)
        return super().unroll_back(x, state, mask) if passed is None else passed


class ResetBeforeGRUCell(GRUCell):
    """The papers' GRU, which resets before the product: `n = tanh(W x + U (r∘h))` (Cho et al. 2014, eq. 8)."""

    def advance(self, drive: Tensor, state: CellState) -> CellState:
        """See the class."""
        (h,) = state
        drive_gates, drive_n = drive[:, : 2 * self.size], drive[:, 2 * self.size :]
        weight, bias = self.hidden.weight, self.hidden.bias
        gates = functional.linear(h, weight[: 2 * self.size], bias[: 2 * self.size])
        r, z = torch.sigmoid(drive_gates + gates).chunk(2, -1)
        n = torch.tanh(drive_n + functional.linear(r * h, weight[2 * self.size :], bias[2 * self.size :]))
        return (n + z * (h - n),)

    def unroll(self, x: Tensor, state: CellState, mask: Tensor | None = None) -> tuple[Tensor, CellState]:
        """Step by step: the library's kernel resets after the product."""
        return unroll_by_steps(self, x, state, mask)

    def unroll_back(self, x: Tensor, state: CellState, mask: Tensor) -> tuple[Tensor, CellState]:
        """Step by step, too."""
        return Cell.unroll_back(self, x, state, mask)


CELLS: dict[str, Callable[[int, int], Cell]] = {
    "rnn": PlainCell,
    "rnn_sigmoid": SigmoidCell,
    "lstm": LSTMCell,
    "lstm_peepholes": PeepholeLSTMCell,
    "gru": GRUCell,
    "gru_reset_before": ResetBeforeGRUCell,
}


# Of every kernel call: with biases, one layer, no dropout, for training, one direction, batch first.
_OPTIONS = (True, 1, 0.0, True, False, True)


def _weights(cell: Cell) -> Weights:
    cell = cell.for_a_pass()
    return Weights(cell.input.weight, cell.hidden.weight, cell.input.bias, cell.hidden.bias)


def _cast(state: Tensor, x: Tensor) -> Tensor:
    """The kernels want state and input of one type; under autocast the two may differ."""
    return state.to(x.dtype).contiguous()
