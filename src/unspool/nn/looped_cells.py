"""LSTM and GRU for one pass through a loop over time: one or two products a step, and few passes over memory.

Autograd would keep and combine every intermediate value of the gates. Here an LSTM's step keeps its four gates and
tanh(c), a GRU's its gates and what the state contributed to them. Products run in the narrow type, everything else
(`gates.py`) in float32 at least.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor
from torch.autograd import Function

from unspool.nn.cells import Cell, CellState, GRUCell, LSTMCell
from unspool.nn.embedded import product, time_first
from unspool.nn.gates import gru_backward, gru_forward, lstm_backward, lstm_forward
from unspool.nn.looping import SteppingCell, Tape, gathered
from unspool.nn.precision import at_least_float, narrowed


def looped(cell: Cell, steps: int, late: int) -> SteppingCell:
    """A cell as a loop of so many steps should use it: prepared where gradients are wanted, otherwise as it is.

    late: columns of its input that become known inside the recurrence
    Cells without a prepared form (the papers' own) are their own reference.
    """
    cell = cell.for_a_pass()
    if torch.is_grad_enabled() and type(cell) is LSTMCell:
        return LoopedLSTM(cell, steps, late)
    if torch.is_grad_enabled() and type(cell) is GRUCell:
        return LoopedGRU(cell, steps, late)
    return cell


class LoopedLSTM:
    """`LSTMCell` for one pass. What is late and h go through one product, `[W'' U] [x''; h]`."""

    def __init__(self, cell: LSTMCell, steps: int, late: int) -> None:
        self._early, within = cell.input.weight.split([cell.input.in_features - late, late], 1)
        self._bias = cell.input.bias + cell.hidden.bias
        self._tape, self._step = Tape(steps), 0
        both = torch.cat([narrowed(within), narrowed(cell.hidden.weight)], 1)
        self._within = gathered(both, self._tape.to_weight)
        self._alone = gathered(narrowed(self._bias), self._tape.to_bias)

    def drives(self, x: Tensor) -> Iterable[Tensor]:
        """See `Cell.drives`; they hold both biases."""
        # Time first, as on the tape: then the tape is the gradient of the drives as it stands.
        drives = product(time_first(x), self._early, self._bias)
        return gathered(narrowed(drives), self._tape.all_gradients).unbind(0)

    def step(self, drive: Tensor | None, state: CellState, late: Tensor | None = None) -> CellState:
        """See `Cell.step`."""
        step, self._step = self._step, self._step + 1
        drive = self._alone if drive is None else drive
        parts = (state[0],) if late is None else (late, state[0])
        h, c = _LSTMStep.apply(self._tape, step, drive, self._within, at_least_float(state[1]), *parts)
        return h, c


class LoopedGRU:
    """`GRUCell` for one pass. The reset gate stands between what x and what h contribute: two products."""

    def __init__(self, cell: GRUCell, steps: int, late: int) -> None:
        self._early, within = cell.input.weight.split([cell.input.in_features - late, late], 1)
        self._bias = cell.input.bias
        self._driving, self._recurring, self._step = Tape(steps), Tape(steps), 0
        self._within = gathered(narrowed(within), self._driving.to_weight)
        self._alone = gathered(narrowed(cell.input.bias), self._driving.to_bias)
        self._hidden = gathered(narrowed(cell.hidden.weight), self._recurring.to_weight)
        self._hidden_bias = gathered(narrowed(cell.hidden.bias), self._recurring.to_bias)

    def drives(self, x: Tensor) -> Iterable[Tensor]:
        """See `Cell.drives`."""
        drives = product(time_first(x), self._early, self._bias)
        return gathered(narrowed(drives), self._driving.all_gradients).unbind(0)

    def step(self, drive: Tensor | None, state: CellState, late: Tensor | None = None) -> CellState:
        """See `Cell.step`."""
        step, self._step = self._step, self._step + 1
        drive = self._alone if drive is None else drive
        weights = self._within, self._hidden, self._hidden_bias
        tapes = self._driving, self._recurring
        return (_GRUStep.apply(*tapes, step, drive, *weights, at_least_float(state[0]), late),)


class _LSTMStep(Function):
    @staticmethod
    def forward(
        ctx: Any, tape: Tape, t: int, drive: Tensor, weight: Tensor, c: Tensor, *parts: Tensor
    ) -> tuple[Tensor, Tensor]:
        before = torch.addmm(drive, tape.put(t, list(parts), weight.dtype), weight.t())
        gates, squashed, h, new = lstm_forward(before, c)
        ctx.save_for_backward(gates, squashed, c, weight)
        ctx.tape, ctx.t, ctx.widths = tape, t, [part.shape[-1] for part in parts]
        return h, new

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        to_h, to_c = gradients
        gates, squashed, c, weight = ctx.saved_tensors
        to_before = ctx.tape.back(ctx.t, len(weight))
        to_old = lstm_backward(to_h, to_c, gates, squashed, c, to_before)
        to_parts = (to_before @ weight).split(ctx.widths, -1)
        return None, None, None, None, to_old, *to_parts


class _GRUStep(Function):
    @staticmethod
    def forward(
        ctx: Any,
        driving: Tape,
        recurring: Tape,
        t: int,
        drive: Tensor,
        within: Tensor,
        hidden: Tensor,
        hidden_bias: Tensor,
        h: Tensor,
        late: Tensor | None,
    ) -> Tensor:
        x = driving.put(t, [h.new_empty(len(h), 0) if late is None else late], within.dtype)
        driven = torch.addmm(drive, x, within.t())
        recurrent = torch.addmm(hidden_bias, recurring.put(t, [h], hidden.dtype), hidden.t())
        gates, new = gru_forward(driven, recurrent, h)
        ctx.save_for_backward(gates, recurrent, h, within, hidden)
        ctx.tapes, ctx.t, ctx.late = (driving, recurring), t, late is not None
        return new

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        (to_h,) = gradients
        gates, recurrent, h, within, hidden = ctx.saved_tensors
        to_driven, to_recurrent = (tape.back(ctx.t, len(hidden)) for tape in ctx.tapes)
        to_old = gru_backward(to_h, gates, recurrent, h, to_driven, to_recurrent)
        to_late = to_driven @ within if ctx.late else None
        return None, None, None, None, None, None, None, to_old + to_recurrent @ hidden, to_late
