"""Saturated units keep their gradient in bfloat16: results are rounded only after `σ(1 - σ)` and `1 - tanh²`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import pytest
import torch
from torch import Tensor, nn

from unspool.kernels.recurrence import RnnState
from unspool.kernels.switch import plain_kernels
from unspool.nn.attentional import AttentionalLayer, AttentionState
from unspool.nn.bridges import Projection
from unspool.nn.cells import CELLS
from unspool.nn.dropout import Dropout
from unspool.nn.encoders import AttentionMemory
from unspool.nn.scores import DotScore
from unspool.nn.windows import Window

# σ(7) = 0.9991 and tanh(3.5) = 0.9982: both are 1 in bfloat16, which holds 7 and 3.5.
SIGMOID, TANH = 7.0, 3.5


M = TypeVar("M", bound=nn.Module)


def constant(module: M, bias: float) -> M:
    """The module with zero weights and this bias, so that products in bfloat16 are exact."""
    for name, parameter in module.named_parameters():
        nn.init.constant_(parameter, bias if name.endswith("bias") else 0.0)
    return module


def gradients_agree(run: Callable[[torch.dtype], Tensor]) -> None:
    narrow, exact = run(torch.bfloat16), run(torch.float64)
    assert float(exact.abs().max()) > 1e-5
    torch.testing.assert_close(narrow.double(), exact, rtol=0.02, atol=1e-9)


def gradient(loss: Callable[[], Tensor], of: Tensor, dtype: torch.dtype) -> Tensor:
    with torch.autocast("cpu", torch.bfloat16, enabled=dtype == torch.bfloat16):
        found = loss()
    (result,) = torch.autograd.grad(found, of)
    return result


@pytest.mark.parametrize("plain", [True, False], ids=["plain", "fused"])
@pytest.mark.parametrize("kind", sorted(CELLS))
def test_of_every_cell(kind: str, plain: bool) -> None:
    def run(dtype: torch.dtype) -> Tensor:
        cell = CELLS[kind](4, 4)
        constant(cell, (TANH if kind == "rnn" else SIGMOID) / 2)  # of two added biases
        cell = cell.to(torch.float32 if dtype == torch.bfloat16 else dtype)
        x = torch.zeros(2, 1, 4, dtype=cell.input.weight.dtype, requires_grad=True)
        state: RnnState = tuple(torch.full_like(part, 0.5) for part in cell.initial(2))

        def loss() -> Tensor:
            outputs, _ = cell.unroll(x, state)
            return outputs.sum()

        if not plain:
            return gradient(loss, cell.input.bias, dtype)
        with plain_kernels():
            return gradient(loss, cell.input.bias, dtype)

    gradients_agree(run)


def test_of_a_bridge() -> None:
    def run(dtype: torch.dtype) -> Tensor:
        bridge = constant(Projection(4, 4, 1), TANH).to(torch.float32 if dtype == torch.bfloat16 else dtype)
        state = (torch.zeros(2, 4, dtype=bridge.linear.weight.dtype),)
        return gradient(lambda: bridge(state)[0].sum(), bridge.linear.bias, dtype)

    gradients_agree(run)


def test_of_an_attentional_state() -> None:
    def run(dtype: torch.dtype) -> Tensor:
        wide = torch.float32 if dtype == torch.bfloat16 else dtype
        combine = constant(nn.Linear(8, 4), TANH).to(wide)
        states = torch.zeros(2, 3, 4, dtype=wide, requires_grad=True)
        memory = AttentionMemory(states, states, torch.ones(2, 3, dtype=torch.bool), ())
        layer = AttentionalLayer(DotScore(), Window(), combine, Dropout(0.0), memory, 1)
        hidden = torch.zeros(2, 1, 4, dtype=wide)
        return gradient(lambda: layer.unroll(hidden, AttentionState())[0].sum(), combine.bias, dtype)

    gradients_agree(run)
