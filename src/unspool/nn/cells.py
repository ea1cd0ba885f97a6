"""Recurrent cells: plain, LSTM and GRU, each with the equations of one step and an unrolled form.

A cell's state is a tuple of `[R, D]` tensors, and the first one is its output: `(h,)`, for the LSTM `(h, c)`. Its
*input projection* is the input's contribution to the gates, `W x + b`. It does not depend on the state, so callers
compute it for all steps at once. They may add the projections of parts of the input that are known at different times
(an embedding in advance, a context only inside the recurrence).

The LSTM and the GRU with the reset gate after the product have fast kernels. The forms of the papers are
`lstm_peepholes` (Graves 2013, eq. 7-11), which has one for training where there is no attention in its loop, and
`gru_reset_before` (Cho et al. 2014, eq. 5-8) and `rnn_sigmoid`, which run step by step.
"""

from __future__ import annotations

from functools import partial

import torch
from torch import Tensor, nn
from torch.nn import functional

from unspool.kernels.gru import gru, gru_loop, gru_step
from unspool.kernels.lstm import lstm, lstm_loop, lstm_step, peephole_lstm, peephole_step
from unspool.kernels.precision import at_least_float
from unspool.kernels.recurrence import (
    RecurrentLoop,
    RnnState,
    RnnWeights,
    StepwiseLoop,
    run_layer,
    run_stepwise,
)
from unspool.kernels.tanh_rnn import tanh_rnn, tanh_step
from unspool.nn.dropout import Dropout
from unspool.nn.parameters import linear, vectors


class Cell(nn.Module):
    """One recurrent layer. Each weight has `gates` blocks of D rows; the state has `components` tensors.

    recurrent_dropout: the share of the recurrent weights that are dropped in each pass, the same at every step (Merity
        et al. 2017, arXiv:1708.02182)
    """

    gates: int
    components: int

    def __init__(self, input_size: int, size: int, recurrent_dropout: float = 0.0) -> None:
        super().__init__()
        self.size = size
        self.input = linear(input_size, self.gates * size)
        self.hidden = linear(size, self.gates * size)
        self.recurrent_dropout = Dropout(recurrent_dropout)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Xavier initialisation of input weights, orthogonal recurrent weights for each gate, zero biases."""
        for rows in self.input.weight.data.chunk(self.gates):
            nn.init.xavier_uniform_(rows)
        for rows in self.hidden.weight.data.chunk(self.gates):
            nn.init.orthogonal_(rows)
        nn.init.zeros_(self.input.bias)
        nn.init.zeros_(self.hidden.bias)

    def initial(self, rows: int) -> RnnState:
        """Zeros, `[rows, D]` for each component."""
        zeros = self.input.weight.new_zeros(rows, self.size)
        return (zeros,) * self.components

    @property
    def weights(self) -> RnnWeights:
        """The weights, without dropout."""
        return RnnWeights(self.input.weight, self.hidden.weight, self.input.bias, self.hidden.bias)

    def pass_weights(self) -> RnnWeights:
        """The weights of one pass over a sequence, with a new mask of recurrent dropout."""
        return self.weights._replace(hidden=self.recurrent_dropout(self.hidden.weight))

    def input_projection(self, x: Tensor, start: int = 0) -> Tensor:
        """The input projection `[..., gates·D]` of inputs `[..., I']`, which are the cell's columns from `start` on.

        The bias is added only if `start` is 0, so the sum of partial projections is the whole projection.
        """
        return self.weights.project(x, start)

    def step(self, projection: Tensor | None, state: RnnState, context: Tensor | None = None) -> RnnState:
        """One step from an input projection `[R, gates·D]`; see `RecurrentLoop` for the context."""
        return StepwiseLoop(self.weights, self.equations).step(projection, state, context)

    def equations(self, projection: Tensor, state: RnnState, weights: RnnWeights) -> RnnState:
        """The equations of one step, from the whole input projection; weights: the cell's own, or those of a pass."""
        raise NotImplementedError

    def loop(self, inputs: Tensor, context_size: int) -> RecurrentLoop:
        """The cell for one pass through a loop of T steps over inputs `[B, T, ·]`.

        context_size: the number of last columns of its input that are computed inside the recurrence
        """
        return StepwiseLoop(self.pass_weights(), self.equations)

    def unroll(self, x: Tensor, state: RnnState, mask: Tensor | None = None) -> tuple[Tensor, RnnState]:
        """All steps of `[B, T, I]`: outputs `[B, T, D]` and the state after each row's last real item.

        Outputs at padding are undefined; the final state does not depend on padding.
        """
        return self._run(x, state, mask, self.pass_weights(), backward=False)

    def unroll_backward(self, x: Tensor, state: RnnState, mask: Tensor) -> tuple[Tensor, RnnState]:
        """The same from each row's last real item to its first; each output has the position of its item."""
        return self._run(x, state, mask, self.pass_weights(), backward=True)

    def _run(
        self, x: Tensor, state: RnnState, mask: Tensor | None, weights: RnnWeights, *, backward: bool
    ) -> tuple[Tensor, RnnState]:
        """All steps, step by step; cells with a kernel override this."""
        layer = partial(run_stepwise, self.equations)
        return run_layer(layer, x, state, mask, weights, backward=backward)


def unroll_stepwise(cell: Cell, x: Tensor, state: RnnState, mask: Tensor | None = None) -> tuple[Tensor, RnnState]:
    """All steps from the cell's equations; every kernel is tested against this."""
    return run_stepwise(cell.equations, x, state, mask, cell.pass_weights())


class PlainCell(Cell):
    """`h = tanh(W x + b + U h)` (Elman 1990)."""

    gates, components = 1, 1

    def equations(self, projection: Tensor, state: RnnState, weights: RnnWeights) -> RnnState:
        """See the class."""
        return tanh_step(projection, state, weights)

    def _run(
        self, x: Tensor, state: RnnState, mask: Tensor | None, weights: RnnWeights, *, backward: bool
    ) -> tuple[Tensor, RnnState]:
        return tanh_rnn(x, state, mask, weights, backward=backward)


class SigmoidCell(Cell):
    """`h = σ(W x + b + U h)`, the form of the earliest papers."""

    gates, components = 1, 1

    def equations(self, projection: Tensor, state: RnnState, weights: RnnWeights) -> RnnState:
        """See the class."""
        return (torch.sigmoid(at_least_float(projection + weights.recur(state[0]))),)


class LSTMCell(Cell):
    """Long short-term memory with a forget gate (Gers et al. 2000); gates in the order i, f, g, o.

    `c = f∘c + i∘g`, `h = o∘tanh(c)`. The forget bias starts at 1 (Jozefowicz et al. 2015).
    """

    gates, components = 4, 2

    def reset_parameters(self) -> None:
        """As in every cell, but the bias of the forget gate is 1."""
        super().reset_parameters()
        self.input.bias.data.view(4, self.size)[1].fill_(1.0)

    def equations(self, projection: Tensor, state: RnnState, weights: RnnWeights) -> RnnState:
        """See the class."""
        return lstm_step(projection, state, weights)

    def loop(self, inputs: Tensor, context_size: int) -> RecurrentLoop:
        """See `Cell.loop`."""
        return lstm_loop(self.equations, inputs, context_size, self.pass_weights())

    def _run(
        self, x: Tensor, state: RnnState, mask: Tensor | None, weights: RnnWeights, *, backward: bool
    ) -> tuple[Tensor, RnnState]:
        return lstm(x, state, mask, weights, backward=backward)


class PeepholeLSTMCell(Cell):
    """LSTM with peepholes (Graves 2013, eq. 7-11): gates i and f read the old cell state, gate o the new one."""

    gates, components = 4, 2

    def __init__(self, input_size: int, size: int, recurrent_dropout: float = 0.0) -> None:
        super().__init__(input_size, size, recurrent_dropout)
        self.peephole = vectors(torch.zeros(3, size))

    def reset_parameters(self) -> None:
        """As in every cell, but the bias of the forget gate is 1."""
        super().reset_parameters()
        self.input.bias.data.view(4, self.size)[1].fill_(1.0)

    def equations(self, projection: Tensor, state: RnnState, weights: RnnWeights) -> RnnState:
        """See the class."""
        return peephole_step(projection, state, weights, self.peephole)

    def _run(
        self, x: Tensor, state: RnnState, mask: Tensor | None, weights: RnnWeights, *, backward: bool
    ) -> tuple[Tensor, RnnState]:
        return peephole_lstm(x, state, mask, weights, self.peephole, backward=backward)


class GRUCell(Cell):
    """Gated recurrent unit with the reset gate after the product; gates in the order r, z, n.

    `n = tanh(W_n x + b + r∘(U_n h + b'))`, `h = (1 - z)∘n + z∘h`. Here and in Cho et al. 2014, z is the weight of the
    old state; in Bahdanau et al. 2014 it is the weight of the new one. The two forms are equivalent.
    """

    gates, components = 3, 1

    def equations(self, projection: Tensor, state: RnnState, weights: RnnWeights) -> RnnState:
        """See the class."""
        return gru_step(projection, state, weights)

    def loop(self, inputs: Tensor, context_size: int) -> RecurrentLoop:
        """See `Cell.loop`."""
        return gru_loop(self.equations, inputs, context_size, self.pass_weights())

    def _run(
        self, x: Tensor, state: RnnState, mask: Tensor | None, weights: RnnWeights, *, backward: bool
    ) -> tuple[Tensor, RnnState]:
        return gru(x, state, mask, weights, backward=backward)


class ResetBeforeGRUCell(Cell):
    """The papers' GRU, with the reset gate before the product: `n = tanh(W x + U (r∘h))` (Cho et al. 2014, eq. 8)."""

    gates, components = 3, 1

    def equations(self, projection: Tensor, state: RnnState, weights: RnnWeights) -> RnnState:
        """See the class."""
        (h,) = state
        input_gates, input_n = projection[:, : 2 * self.size], projection[:, 2 * self.size :]
        weight, bias = weights.hidden, weights.hidden_bias
        gates = functional.linear(h, weight[: 2 * self.size], bias[: 2 * self.size])
        r, z = torch.sigmoid(at_least_float(input_gates + gates)).chunk(2, -1)
        recurrent_n = functional.linear(r * h, weight[2 * self.size :], bias[2 * self.size :])
        n = torch.tanh(at_least_float(input_n + recurrent_n))
        return (n + z * (h - n),)


CELLS: dict[str, type[Cell]] = {
    "rnn": PlainCell,
    "rnn_sigmoid": SigmoidCell,
    "lstm": LSTMCell,
    "lstm_peepholes": PeepholeLSTMCell,
    "gru": GRUCell,
    "gru_reset_before": ResetBeforeGRUCell,
}
