"""The Gaussian head: its density is that of the distribution that its parameters belong to."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from unspool.nn.gaussian_head import GaussianHead
from unspool.types import DensityHead, Step, SymbolHead
from worlds import assert_same, enlarged

SIZE, FEATURES = 4, 3


def head() -> GaussianHead:
    built: GaussianHead = enlarged(GaussianHead(SIZE, FEATURES))
    return built


@torch.no_grad()
@pytest.mark.parametrize("shape", [(6,), (2, 5)])
def test_its_log_density_is_that_of_its_distribution(shape: tuple[int, ...]) -> None:
    one, step, targets = head(), Step(4 * torch.randn(*shape, SIZE)), 3 * torch.randn(*shape, FEATURES)
    parameters = one.density_parameters(step, None)
    assert parameters.shape == (*shape, 2 * FEATURES)
    expected = one.distribution.log_prob(parameters.numpy(), targets.numpy())
    np.testing.assert_allclose(one.log_prob(step, targets, None), expected, rtol=1e-5)


def test_loss_is_minus_the_log_density_and_ignores_smoothing() -> None:
    one, step, targets = head(), Step(torch.randn(2, 5, SIZE)), torch.randn(2, 5, FEATURES)
    loss, nll = one.loss(step, targets, None, smoothing=0.3)
    assert loss.shape == (2, 5) and loss.requires_grad and not nll.requires_grad
    assert_same((loss, nll), (-one.log_prob(step, targets, None),) * 2)


def test_gradients_are_those_of_differences() -> None:
    one = head().double()
    output = torch.randn(3, SIZE, dtype=torch.float64, requires_grad=True)
    targets = torch.randn(3, FEATURES, dtype=torch.float64)
    weights = (one.projection.weight, one.projection.bias)
    assert torch.autograd.gradcheck(lambda x, *_: one.loss(Step(x), targets, None)[0], (output, *weights))


def test_it_computes_in_single_precision_whatever_the_network_is_in() -> None:
    one, output, targets = head(), torch.randn(2, 5, SIZE).bfloat16(), torch.randn(2, 5, FEATURES)
    expected, _ = one.loss(Step(output.float()), targets, None)
    with torch.autocast("cpu", torch.bfloat16):
        narrow, _ = one.loss(Step(output), targets, None)
    assert_same(narrow, expected)
    found, _ = one.bfloat16().loss(Step(output), targets, None)
    assert found.dtype == torch.float32
    assert_same(found, expected, rtol=0.2, atol=0.2)


@pytest.mark.parametrize("raw", [-1e4, -50.0, 80.0])
def test_no_scale_makes_a_loss_or_a_gradient_infinite(raw: float) -> None:
    one = head()
    with torch.no_grad():
        one.projection.weight.zero_()
        one.projection.bias.fill_(raw)
    loss, _ = one.loss(Step(torch.ones(1, SIZE)), torch.full((1, FEATURES), 3.0), None)
    loss.sum().backward()
    assert loss.isfinite().all() and one.projection.bias.grad is not None
    assert one.projection.bias.grad.isfinite().all()


def test_it_learns_the_mean_and_the_spread_of_what_it_is_shown() -> None:
    one, generator = GaussianHead(1, 1), torch.Generator().manual_seed(1)
    values = 2.0 + 0.5 * torch.randn(2000, 1, generator=generator)
    step, optimizer = Step(torch.ones(2000, 1)), torch.optim.Adam(one.parameters(), 0.05)
    for _ in range(300):
        optimizer.zero_grad()
        one.loss(step, values, None)[0].mean().backward()
        optimizer.step()
    with torch.no_grad():
        parameters = one.density_parameters(Step(torch.ones(1, 1)), None).numpy()
    assert one.distribution.mode(parameters)[0, 0] == pytest.approx(2.0, abs=0.05)
    assert one.distribution.quantile(parameters, 0.841345)[0, 0] == pytest.approx(2.5, abs=0.05)


def test_it_is_a_head_of_values_and_not_of_symbols() -> None:
    assert isinstance(head(), DensityHead) and not isinstance(head(), SymbolHead)
