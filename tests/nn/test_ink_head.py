"""The head over points of ink: its density is that of its distribution, safe in every precision."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor

from unspool.nn.ink_head import InkHead
from unspool.types import DensityHead, Step
from worlds import assert_same, enlarged

SIZE, COMPONENTS = 4, 3


def head() -> InkHead:
    built: InkHead = enlarged(InkHead(SIZE, COMPONENTS))
    return built


def points(*shape: int) -> Tensor:
    return torch.cat([torch.randn(*shape, 2), torch.randint(0, 3, (*shape, 1)).float()], -1)


@torch.no_grad()
@pytest.mark.parametrize("shape", [(6,), (2, 5)])
def test_its_log_density_is_that_of_its_distribution(shape: tuple[int, ...]) -> None:
    one, step, targets = head(), Step(2 * torch.randn(*shape, SIZE)), points(*shape)
    parameters = one.density_parameters(step, None)
    expected = one.distribution.log_prob(parameters.numpy(), targets.numpy())
    found = one.log_prob(step, targets, None)
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-4)
    assert_same(one.loss(step, targets, None)[1], -found)
    targets[..., 2] = 7
    assert (one.log_prob(step, targets, None) == -torch.inf).all()
    assert one.loss(step, targets, None)[0].isfinite().all()


def test_gradients_are_those_of_differences() -> None:
    one = head().double()
    output = torch.randn(3, SIZE, dtype=torch.float64, requires_grad=True)
    targets = points(3).double()
    weights = (one.projection.weight, one.projection.bias)
    assert torch.autograd.gradcheck(lambda x, *_: one.loss(Step(x), targets, None)[0], (output, *weights))


def test_it_computes_in_single_precision_whatever_the_network_is_in() -> None:
    one, output, targets = InkHead(SIZE, COMPONENTS), torch.randn(2, 5, SIZE).bfloat16(), points(2, 5)
    expected, _ = one.loss(Step(output.float()), targets, None)
    with torch.autocast("cpu", torch.bfloat16):
        narrow, _ = one.loss(Step(output), targets, None)
    assert_same(narrow, expected)
    assert one.bfloat16().loss(Step(output), targets, None)[0].dtype == torch.float32


@pytest.mark.parametrize("raw", [-1e4, -50.0, 80.0, 1e4])
def test_no_parameter_makes_a_loss_or_a_gradient_infinite(raw: float) -> None:
    one = head()
    with torch.no_grad():
        one.projection.weight.zero_()
        one.projection.bias.fill_(raw)
    loss, _ = one.loss(Step(torch.ones(1, SIZE)), torch.tensor([[3.0, -2.0, 1.0]]), None)
    loss.sum().backward()  # type: ignore[no-untyped-call]
    assert loss.isfinite().all() and one.projection.bias.grad is not None
    assert one.projection.bias.grad.isfinite().all()


def test_it_is_a_head_of_a_density() -> None:
    assert isinstance(head(), DensityHead)
