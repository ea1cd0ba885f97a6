"""The fused window equals its plain equations, step by step, gradients included."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor, nn

from unspool.kernels.soft_window import LEAST, MOST, WindowLoop, WindowStep, window_loop, window_step
from unspool.kernels.switch import plain_kernels

B, D, K, S, E, T = 3, 2, 4, 5, 6, 7


def inputs(dtype: torch.dtype = torch.float64) -> tuple[list[Tensor], Tensor, Tensor, Tensor, nn.Linear]:
    """h of T steps, the first κ, vectors and positions, and the linear map to the raw parameters."""
    hidden = [torch.randn(B, D, dtype=dtype, requires_grad=True) for _ in range(T)]
    place, vectors = torch.rand(B, K, dtype=dtype, requires_grad=True), torch.randn(B, S, E, dtype=dtype)
    return (
        hidden,
        place,
        vectors.requires_grad_(),
        torch.arange(1, S + 2, dtype=dtype),
        nn.Linear(D, 3 * K, dtype=dtype),
    )


def forms(vectors: Tensor, positions: Tensor, linear: nn.Linear) -> tuple[WindowStep, WindowStep]:
    """The form that is chosen, and the plain one."""

    def plain(hidden: Tensor, place: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        return window_step(linear(hidden), place, vectors, positions)

    return window_loop(plain, linear.weight, linear.bias, T, vectors, positions), plain


def run(move: WindowStep, hidden: list[Tensor], place: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """All steps: w, κ and φ, `[T, B, ·]`."""
    outputs = []
    for each in hidden:
        vector, place, weights = move(each, place)
        outputs.append((vector, place, weights))
    vectors, places, all_weights = (torch.stack(parts) for parts in zip(*outputs, strict=True))
    return vectors, places, all_weights


@pytest.mark.parametrize("used", [(0,), (1,), (2,), (0, 1, 2)])
def test_outputs_and_gradients_are_those_of_the_equations(used: tuple[int, ...]) -> None:
    hidden, place, vectors, positions, linear = inputs()
    factors = [torch.randn(T, B, size, dtype=torch.float64) for size in (E, K, S + 1)]
    found = []
    for move in forms(vectors, positions, linear):
        outputs = run(move, hidden, place)
        loss: Any = sum((outputs[part] * factors[part]).sum() for part in used)
        wanted = [*hidden, place, linear.weight, linear.bias, *[vectors] * (0 in used)]
        found.append((outputs, torch.autograd.grad(loss, wanted)))
    for fused, plain in zip(*found, strict=True):
        for one, other in zip(fused, plain, strict=True):
            torch.testing.assert_close(one, other)


def test_a_second_backward_pass_gives_the_same_gradient() -> None:
    hidden, place, vectors, positions, linear = inputs()
    loss = run(forms(vectors, positions, linear)[0], hidden, place)[0].square().sum()
    wanted = [vectors, linear.weight]
    first, second = (torch.autograd.grad(loss, wanted, retain_graph=True) for _ in range(2))
    for one, other in zip(first, second, strict=True):
        torch.testing.assert_close(one, other)


def test_raw_parameters_beyond_their_limits_get_no_gradient_and_make_nothing_infinite() -> None:
    raw, linear = torch.tensor([100.0, 0.0, LEAST - 1, MOST + 1, 0.0, 0.0]), nn.Linear(1, 6)
    vectors = torch.randn(1, S, E, requires_grad=True)
    with torch.no_grad():
        linear.weight.zero_()
        linear.bias.copy_(raw)
    move = WindowLoop(linear.weight, linear.bias, 1, vectors, torch.arange(1.0, S + 2))
    outputs = move(torch.ones(1, 1, requires_grad=True), torch.zeros(1, 2))
    total: Any = sum(part.sum() for part in outputs)
    total.backward()
    assert all(part.isfinite().all() for part in outputs)
    assert linear.bias.grad is not None and linear.bias.grad.isfinite().all()
    assert (linear.bias.grad[[0, 2, 3]] == 0).all()


def test_without_gradients_or_in_plain_form_it_is_the_equations() -> None:
    _, _, vectors, positions, linear = inputs(torch.float32)
    assert isinstance(forms(vectors, positions, linear)[0], WindowLoop)
    assert not isinstance(forms(vectors.detach(), positions, linear)[0], WindowLoop)
    with plain_kernels():
        assert not isinstance(forms(vectors, positions, linear)[0], WindowLoop)
