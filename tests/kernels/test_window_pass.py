"""The compiled pass of an LSTM with a window equals the equations of a step, gradients included."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor

from unspool.kernels.compiled import library
from unspool.kernels.soft_window import LEAST, MOST
from unspool.kernels.switch import plain_kernels
from unspool.kernels.window_pass import WindowStart, fused_window_lstm
from unspool.nn.cells import CELLS, Cell
from unspool.nn.soft_window import SoftWindow, WindowText, WindowUnrolled

B, T, D, K, S, E, INPUTS = 3, 7, 20, 4, 5, 6, 3

compiled = pytest.mark.skipif(library() is None, reason="needs a C++ compiler")


def parts(dtype: torch.dtype = torch.float32, name: str = "lstm") -> tuple[Cell, SoftWindow, list[Tensor], WindowText]:
    """A layer, its window, x and the first h, c, w and κ, and a text of which one row is padded."""
    cell, window = CELLS[name](INPUTS + E, D).to(dtype), SoftWindow(D, K, 0.3).to(dtype)
    given = [torch.randn(B, T, INPUTS), torch.randn(B, D), torch.randn(B, D), torch.randn(B, E), torch.rand(B, K)]
    mask = torch.ones(B, S, dtype=torch.bool)
    mask[1, 3:] = False
    characters = (torch.randn(B, S, E) * mask.unsqueeze(-1)).to(dtype).requires_grad_()
    return cell, window, [part.to(dtype).requires_grad_() for part in given], WindowText(characters, mask)


def unrolled(cell: Cell, window: SoftWindow, given: list[Tensor], text: WindowText) -> WindowUnrolled:
    """All steps."""
    x, h, c, w, place = given
    return window.unroll(cell, x, ((h, c), w, place), text)


def outputs(steps: WindowUnrolled) -> list[Tensor]:
    """All tensors of the result."""
    return [*steps[:4], *steps.state]


@compiled
@pytest.mark.parametrize("name", ["lstm", "lstm_peepholes"])
@pytest.mark.parametrize("used", [(0,), (1,), (2,), (3,), (5,), (0, 1, 2, 3, 4, 5)])
def test_outputs_and_gradients_are_those_of_the_equations(used: tuple[int, ...], name: str) -> None:
    cell, window, given, text = parts(name=name)
    for part in cell.parameters():  # biases and peepholes begin at zero
        torch.nn.init.normal_(part, std=0.3)
    found = []
    wanted = [*given, text.characters, *cell.parameters(), *window.parameters()]
    factors: list[Tensor] = []
    for plain in (False, True):
        with plain_kernels() if plain else torch.enable_grad():
            results = outputs(unrolled(cell, window, given, text))
        factors = factors or [torch.randn_like(result) for result in results]
        loss: Any = sum((results[part] * factors[part]).sum() for part in used)
        gradients = torch.autograd.grad(loss, wanted, allow_unused=True, materialize_grads=True)
        found.append([*results, *gradients])
    for fused, plain_one in zip(*found, strict=True):
        torch.testing.assert_close(fused, plain_one, rtol=1e-4, atol=1e-5)


@compiled
def test_in_bfloat16_only_the_products_are_rounded() -> None:
    cell, window, given, text = parts()
    exact = outputs(unrolled(cell, window, given, text))
    with torch.autocast("cpu", torch.bfloat16):
        rounded = outputs(unrolled(cell, window, given, text))
    for one, other in zip(rounded, exact, strict=True):
        assert one.dtype == torch.float32
        torch.testing.assert_close(one, other, rtol=0.1, atol=0.1)


@compiled
def test_raw_parameters_beyond_their_limits_get_no_gradient_and_make_nothing_infinite() -> None:
    cell, window, given, text = parts()
    with torch.no_grad():
        window.linear.weight.zero_()
        window.linear.bias.copy_(torch.tensor([100.0, 0, LEAST - 1, MOST + 1] + [0.0] * 8))
    results = outputs(unrolled(cell, window, given, text))
    total: Any = sum(part.sum() for part in results)
    total.backward()
    assert all(part.isfinite().all() for part in results)
    gradient = window.linear.bias.grad
    assert gradient is not None and gradient.isfinite().all()
    assert (gradient[[0, 2, 3]] == 0).all() and (gradient[[1, 5]] != 0).all()


@compiled
def test_it_runs_where_gradients_are_needed_and_not_in_double_precision() -> None:
    def passed(dtype: torch.dtype, *, gradients: bool) -> object:
        cell, window, given, text = parts(dtype)
        x, *first = given if gradients else [part.detach() for part in given]
        characters = text.characters if gradients else text.characters.detach()
        weights = window.linear.weight, window.linear.bias
        return fused_window_lstm(x, WindowStart(*first), cell.weights, weights, characters)

    assert passed(torch.float32, gradients=True) is not None
    assert passed(torch.float32, gradients=False) is None
    assert passed(torch.float64, gradients=True) is None
    with plain_kernels():
        assert passed(torch.float32, gradients=True) is None


@compiled
def test_a_second_backward_pass_gives_the_same_gradient() -> None:
    cell, window, given, text = parts()
    loss: Any = sum(part.square().sum() for part in outputs(unrolled(cell, window, given, text)))
    wanted = [*given, text.characters, window.linear.weight]
    first, second = (torch.autograd.grad(loss, wanted, retain_graph=True) for _ in range(2))
    for one, other in zip(first, second, strict=True):
        torch.testing.assert_close(one, other, rtol=0, atol=0)
