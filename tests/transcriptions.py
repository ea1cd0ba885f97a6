"""The papers' equations in NumPy, one vector at a time, in double precision and in the papers' symbols.

Written from the papers alone, to be compared with the package's own code: nothing here imports it, and PyTorch only
hands over its weights.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Vector = npt.NDArray[np.float64]
State = tuple[Vector, ...]


class Gate(NamedTuple):
    """`W x + U h + b`, and the bias d that stands beside `U h` alone."""

    w: Vector
    u: Vector
    b: Vector
    d: Vector

    def __call__(self, x: Vector, h: Vector) -> Vector:
        return self.w @ x + self.u @ h + self.b + self.d


def numbers(tensor: Any) -> Vector:
    """A tensor in double precision."""
    return np.asarray(tensor.detach().numpy(), dtype=np.float64)


def gates(cell: Any, names: str) -> dict[str, Gate]:
    """A cell's weights cut into its gates, which are stored in the order of `names`."""
    tensors = (cell.input.weight, cell.hidden.weight, cell.input.bias, cell.hidden.bias)
    parts = [np.split(numbers(tensor), len(names)) for tensor in tensors]
    return {name: Gate(*(part[i] for part in parts)) for i, name in enumerate(names)}


def sigmoid(x: Vector) -> Vector:
    return 1 / (1 + np.exp(-x))


def softmax(x: Vector) -> Vector:
    """Probabilities of a vector; of an empty one, none."""
    return np.exp(x) / np.exp(x).sum() if len(x) else x


def elman(cell: Any, x: Vector, state: State) -> State:
    """`h_t = tanh(W x_t + U h_{t-1} + b)`."""
    (h,) = state
    return (np.tanh(gates(cell, "h")["h"](x, h)),)


def elman_sigmoid(cell: Any, x: Vector, state: State) -> State:
    """`x_t = σ(W_xx x_{t-1} + W_xu u_t + b)`."""
    (h,) = state
    return (sigmoid(gates(cell, "h")["h"](x, h)),)


def lstm(cell: Any, x: Vector, state: State) -> State:
    """Gers et al. 2000: input, forget and output gate, no peepholes."""
    h, c = state
    gate = gates(cell, "ifgo")
    i, f, o = sigmoid(gate["i"](x, h)), sigmoid(gate["f"](x, h)), sigmoid(gate["o"](x, h))
    c = f * c + i * np.tanh(gate["g"](x, h))
    return o * np.tanh(c), c


def lstm_peepholes(cell: Any, x: Vector, state: State) -> State:
    """Graves 2013, eq. 7 to 11; the weights from cell to gate are diagonal."""
    h, c_before = state
    gate = gates(cell, "ifco")
    w_ci, w_cf, w_co = numbers(cell.peephole)
    i = sigmoid(gate["i"](x, h) + w_ci * c_before)
    f = sigmoid(gate["f"](x, h) + w_cf * c_before)
    c = f * c_before + i * np.tanh(gate["c"](x, h))
    o = sigmoid(gate["o"](x, h) + w_co * c)
    return o * np.tanh(c), c


def gru(cell: Any, x: Vector, state: State) -> State:
    """The kernels' form: reset after the product with U."""
    (h,) = state
    gate = gates(cell, "rzn")
    r, z = sigmoid(gate["r"](x, h)), sigmoid(gate["z"](x, h))
    n = gate["n"]
    candidate = np.tanh(n.w @ x + n.b + r * (n.u @ h + n.d))
    return ((1 - z) * candidate + z * h,)


def gru_cho(cell: Any, x: Vector, state: State) -> State:
    """Cho et al. 2014, eq. 5 to 8, unit by unit: `h_j = z_j h_j + (1 - z_j) h̃_j`."""
    (h,) = state
    gate = gates(cell, "rzh")
    r, z = sigmoid(gate["r"](x, h)), sigmoid(gate["z"](x, h))
    new = np.empty_like(h)
    for j in range(len(h)):
        inner = gate["h"].w[j] @ x + gate["h"].u[j] @ (r * h) + gate["h"].b[j] + gate["h"].d[j]
        new[j] = z[j] * h[j] + (1 - z[j]) * np.tanh(inner)
    return (new,)


def gru_bahdanau(cell: Any, x: Vector, state: State) -> State:
    """Bahdanau et al. 2014, A.1.1: `s_i = (1 - z_i)∘s_{i-1} + z_i∘s̃_i`, where z weighs the new state.

    Ours weighs the old one, so the paper's weights of z are ours with the other sign.
    """
    (s,) = state
    gate = gates(cell, "rzs")
    r, z = sigmoid(gate["r"](x, s)), sigmoid(-gate["z"](x, s))
    proposed = np.tanh(gate["s"](x, r * s))
    return ((1 - z) * s + z * proposed,)


Recurrence = Callable[[Any, Vector, State], State]
CELLS: dict[str, Recurrence] = {
    "rnn": elman,
    "rnn_sigmoid": elman_sigmoid,
    "lstm": lstm,
    "lstm_peepholes": lstm_peepholes,
    "gru": gru,
    "gru_reset_before": gru_cho,
}


def zeros(cell: Any, recurrence: Recurrence) -> State:
    """The state before anything is read."""
    return (np.zeros(cell.size),) * (2 if recurrence in (lstm, lstm_peepholes) else 1)


def read(cell: Any, recurrence: Recurrence, xs: list[Vector]) -> tuple[list[Vector], State]:
    """One direction over a whole sequence: every output, and the last state."""
    state, outputs = zeros(cell, recurrence), []
    for x in xs:
        state = recurrence(cell, x, state)
        outputs.append(state[0])
    return outputs, state


def read_both_ways(layer: Any, recurrence: Recurrence, xs: list[Vector]) -> tuple[list[Vector], State, State]:
    """`h_j = [→h_j; ←h_j]`, the last state of each direction behind it; the backward one's is at the first word."""
    forward, ahead = read(layer.ahead, recurrence, xs)
    backward, back = read(layer.back, recurrence, xs[::-1])
    return [np.concatenate(pair) for pair in zip(forward, backward[::-1], strict=True)], ahead, back


def mixed(weights: Vector, states: list[Vector]) -> Vector:
    """`c = Σ_j α_j h_j`."""
    context = np.zeros_like(states[0])
    for weight, state in zip(weights, states, strict=True):
        context = context + weight * state
    return context
