"""The gates of LSTM and GRU inside a loop that is trained, forward and back: what stands between two products.

Each comes twice: compiled, one pass over memory (`loops.cpp`), and in PyTorch's operations, which say what it means.
What goes into products or comes out of them, `before`, `driven` and `recurrent`, may be bfloat16; the rest is float32,
or float64 throughout. A processor's tanh takes several times as long as its sigmoid, hence `tanh(x) = 2σ(2x) - 1`.
"""

from __future__ import annotations

import torch
from torch import Tensor

from unspool.nn.compiled import kernel
from unspool.nn.precision import at_least_float

sigmoid_backward, tanh_backward = torch.ops.aten.sigmoid_backward, torch.ops.aten.tanh_backward


def lstm_forward(before: Tensor, c: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """From `[R, 4H]` before the gates i, f, g, o and the cell state `[R, H]`: gates, tanh of the new c, h, new c."""
    compiled = kernel("lstm_forward", c, narrow=before)
    if compiled is None:
        return lstm_forward_plainly(before, c)
    gates = c.new_empty(before.shape)
    squashed, h, new = (c.new_empty(c.shape) for _ in range(3))
    compiled(*c.shape, before.contiguous(), c.contiguous(), gates, squashed, h, new)
    return gates, squashed, h, new


def lstm_backward(to_h: Tensor, to_c: Tensor, gates: Tensor, squashed: Tensor, c: Tensor, to_before: Tensor) -> Tensor:
    """The gradient of the old cell state; that of what stood before the gates goes into `to_before` `[R, 4H]`."""
    compiled = kernel("lstm_backward", to_h, to_c, gates, narrow=to_before)
    if compiled is None:
        return lstm_backward_plainly(to_h, to_c, gates, squashed, c, to_before)
    to_old = torch.empty_like(squashed)
    compiled(*c.shape, to_h.contiguous(), to_c.contiguous(), gates, squashed, c.contiguous(), to_before, to_old)
    return to_old


def gru_forward(driven: Tensor, recurrent: Tensor, h: Tensor) -> tuple[Tensor, Tensor]:
    """From `[R, 3H]` that the input and the state contribute to r, z and n: those gates, and the new h."""
    compiled = kernel("gru_forward", h, narrow=driven)
    if compiled is None:
        return gru_forward_plainly(driven, recurrent, h)
    gates, new = h.new_empty(driven.shape), h.new_empty(h.shape)
    compiled(*h.shape, driven.contiguous(), recurrent.contiguous(), h.contiguous(), gates, new)
    return gates, new


def gru_backward(
    to_h: Tensor, gates: Tensor, recurrent: Tensor, h: Tensor, to_driven: Tensor, to_recurrent: Tensor
) -> Tensor:
    """What the old h gets past the products; the products' gradients go into `to_driven` and `to_recurrent`."""
    compiled = kernel("gru_backward", to_h, gates, narrow=to_driven)
    if compiled is None:
        return gru_backward_plainly(to_h, gates, recurrent, h, to_driven, to_recurrent)
    to_old = h.new_empty(h.shape)
    arguments = to_h.contiguous(), gates, recurrent.contiguous(), h.contiguous()
    compiled(*h.shape, *arguments, to_driven, to_recurrent, to_old)
    return to_old


def lstm_forward_plainly(before: Tensor, c: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """See `lstm_forward`."""
    gates = at_least_float(before).clone()
    i, f, g, o = gates.chunk(4, -1)
    g.mul_(2)
    gates.sigmoid_()
    g.mul_(2).sub_(1)
    new = torch.addcmul(f * c, i, g)
    squashed = tanh_(new.clone())
    return gates, squashed, o * squashed, new


def lstm_backward_plainly(
    to_h: Tensor, to_c: Tensor, gates: Tensor, squashed: Tensor, c: Tensor, to_before: Tensor
) -> Tensor:
    """See `lstm_backward`."""
    i, f, g, o = gates.chunk(4, -1)
    to_c = tanh_backward(to_h * o, squashed).add_(to_c)
    back = torch.empty_like(gates)
    to_i, to_f, to_g, to_o = back.chunk(4, -1)
    sigmoid_backward.grad_input(to_c * g, i, grad_input=to_i)
    sigmoid_backward.grad_input(to_c * c, f, grad_input=to_f)
    tanh_backward.grad_input(to_c * i, g, grad_input=to_g)
    sigmoid_backward.grad_input(to_h * squashed, o, grad_input=to_o)
    to_before.copy_(back)
    return to_c * f


def gru_forward_plainly(driven: Tensor, recurrent: Tensor, h: Tensor) -> tuple[Tensor, Tensor]:
    """See `gru_forward`."""
    gates, recurrent = at_least_float(driven).clone(), at_least_float(recurrent)
    r, z, n = gates.chunk(3, -1)
    both = gates[:, : 2 * h.shape[-1]]
    both.add_(recurrent[:, : both.shape[-1]]).sigmoid_()
    tanh_(n.addcmul_(r, recurrent[:, both.shape[-1] :]))
    return gates, torch.addcmul(n, z, h - n)


def gru_backward_plainly(
    to_h: Tensor, gates: Tensor, recurrent: Tensor, h: Tensor, to_driven: Tensor, to_recurrent: Tensor
) -> Tensor:
    """See `gru_backward`."""
    r, z, n = gates.chunk(3, -1)
    to_old = to_h * z
    to_n = tanh_backward(to_h - to_old, n)
    to_r = sigmoid_backward(to_n * at_least_float(recurrent[:, 2 * h.shape[-1] :]), r)
    to_z = sigmoid_backward(to_h * (h - n), z)
    to_driven.copy_(torch.cat([to_r, to_z, to_n], -1))
    to_recurrent.copy_(torch.cat([to_r, to_z, to_n * r], -1))
    return to_old


def tanh_(x: Tensor) -> Tensor:
    """tanh in place by way of the sigmoid, exact to the rounding of numbers near 1."""
    return x.mul_(2).sigmoid_().mul_(2).sub_(1)
