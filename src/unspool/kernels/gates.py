"""The gates of LSTM and GRU inside a fused loop, forward and backward: the operations between two matrix products.

Each has two forms: compiled, with one pass over memory (`loops.cpp`), and in PyTorch's operations, which define its
result. Inputs and outputs of products (`before`, `projected`, `recurrent`) may be bfloat16; the rest is float32, or
everything is float64. On a CPU, tanh is several times slower than sigmoid, so `tanh(x) = 2σ(2x) - 1` is used.
"""

from __future__ import annotations

import torch
from torch import Tensor

from unspool.kernels.compiled import kernel
from unspool.kernels.precision import at_least_float

sigmoid_backward, tanh_backward = torch.ops.aten.sigmoid_backward, torch.ops.aten.tanh_backward


def lstm_forward(before: Tensor, c: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """From the inputs `[R, 4H]` of the gates i, f, g, o and c `[R, H]`: the gates, tanh of the new c, h, the new c."""
    compiled = kernel("lstm_forward", c, narrow=before)
    if compiled is None:
        return lstm_forward_plain(before, c)
    gates = c.new_empty(before.shape)
    tanh_c, h, new = (c.new_empty(c.shape) for _ in range(3))
    compiled(*c.shape, before.contiguous(), c.contiguous(), gates, tanh_c, h, new)
    return gates, tanh_c, h, new


def lstm_backward(to_h: Tensor, to_c: Tensor, gates: Tensor, tanh_c: Tensor, c: Tensor, to_before: Tensor) -> Tensor:
    """The gradient of the old cell state; the gradient of the gates' inputs is written to `to_before` `[R, 4H]`."""
    compiled = kernel("lstm_backward", to_h, to_c, gates, narrow=to_before)
    if compiled is None:
        return lstm_backward_plain(to_h, to_c, gates, tanh_c, c, to_before)
    to_old = torch.empty_like(tanh_c)
    compiled(*c.shape, to_h.contiguous(), to_c.contiguous(), gates, tanh_c, c.contiguous(), to_before, to_old)
    return to_old


def gru_forward(projected: Tensor, recurrent: Tensor, h: Tensor) -> tuple[Tensor, Tensor]:
    """The gates r, z, n and the new h, from the input's and the state's contributions to the gates, `[R, 3H]` each."""
    compiled = kernel("gru_forward", h, narrow=projected)
    if compiled is None:
        return gru_forward_plain(projected, recurrent, h)
    gates, new = h.new_empty(projected.shape), h.new_empty(h.shape)
    compiled(*h.shape, projected.contiguous(), recurrent.contiguous(), h.contiguous(), gates, new)
    return gates, new


def gru_backward(
    to_h: Tensor, gates: Tensor, recurrent: Tensor, h: Tensor, to_projected: Tensor, to_recurrent: Tensor
) -> Tensor:
    """The gradient of the old h, without the part through its product.

    Those of the input's and the state's contributions are written to `to_projected` and `to_recurrent`, `[R, 3H]`.
    """
    compiled = kernel("gru_backward", to_h, gates, narrow=to_projected)
    if compiled is None:
        return gru_backward_plain(to_h, gates, recurrent, h, to_projected, to_recurrent)
    to_old = h.new_empty(h.shape)
    arguments = to_h.contiguous(), gates, recurrent.contiguous(), h.contiguous()
    compiled(*h.shape, *arguments, to_projected, to_recurrent, to_old)
    return to_old


def lstm_forward_plain(before: Tensor, c: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """See `lstm_forward`."""
    gates = at_least_float(before).clone()
    i, f, g, o = gates.chunk(4, -1)
    g.mul_(2)
    gates.sigmoid_()
    g.mul_(2).sub_(1)
    new = torch.addcmul(f * c, i, g)
    tanh_c = tanh_(new.clone())
    return gates, tanh_c, o * tanh_c, new


def lstm_backward_plain(
    to_h: Tensor, to_c: Tensor, gates: Tensor, tanh_c: Tensor, c: Tensor, to_before: Tensor
) -> Tensor:
    """See `lstm_backward`."""
    i, f, g, o = gates.chunk(4, -1)
    to_c = tanh_backward(to_h * o, tanh_c).add_(to_c)
    back = torch.empty_like(gates)
    to_i, to_f, to_g, to_o = back.chunk(4, -1)
    sigmoid_backward.grad_input(to_c * g, i, grad_input=to_i)
    sigmoid_backward.grad_input(to_c * c, f, grad_input=to_f)
    tanh_backward.grad_input(to_c * i, g, grad_input=to_g)
    sigmoid_backward.grad_input(to_h * tanh_c, o, grad_input=to_o)
    to_before.copy_(back)
    return to_c * f


def gru_forward_plain(projected: Tensor, recurrent: Tensor, h: Tensor) -> tuple[Tensor, Tensor]:
    """See `gru_forward`."""
    gates, recurrent = at_least_float(projected).clone(), at_least_float(recurrent)
    r, z, n = gates.chunk(3, -1)
    both = gates[:, : 2 * h.shape[-1]]
    both.add_(recurrent[:, : both.shape[-1]]).sigmoid_()
    tanh_(n.addcmul_(r, recurrent[:, both.shape[-1] :]))
    return gates, torch.addcmul(n, z, h - n)


def gru_backward_plain(
    to_h: Tensor, gates: Tensor, recurrent: Tensor, h: Tensor, to_projected: Tensor, to_recurrent: Tensor
) -> Tensor:
    """See `gru_backward`."""
    r, z, n = gates.chunk(3, -1)
    to_old = to_h * z
    to_n = tanh_backward(to_h - to_old, n)
    to_r = sigmoid_backward(to_n * at_least_float(recurrent[:, 2 * h.shape[-1] :]), r)
    to_z = sigmoid_backward(to_h * (h - n), z)
    to_projected.copy_(torch.cat([to_r, to_z, to_n], -1))
    to_recurrent.copy_(torch.cat([to_r, to_z, to_n * r], -1))
    return to_old


def tanh_(x: Tensor) -> Tensor:
    """tanh in place, computed by the sigmoid; its error is the rounding error of numbers near 1."""
    return x.mul_(2).sigmoid_().mul_(2).sub_(1)
