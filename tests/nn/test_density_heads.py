"""Heads over real values: their densities are those of their distributions, safe in every precision."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from unspool.nn.density_head import ProjectedDensity
from unspool.nn.output import DENSITIES, Density, head_of
from unspool.nn.quantile_head import QuantileHead
from unspool.types import DensityHead, Dimensions, Step, SymbolHead, Symbols, Values
from worlds import assert_same, enlarged

SIZE, FEATURES, COMPONENTS = 4, 2, 3
every_head = pytest.mark.parametrize("kind", DENSITIES)


def head(kind: str, size: int = SIZE, features: int = FEATURES) -> ProjectedDensity:
    built = head_of(Dimensions(Symbols(9), Values(features)), size, None, Density(kind, COMPONENTS))
    assert isinstance(built, ProjectedDensity)
    return built


@every_head
@torch.no_grad()
@pytest.mark.parametrize("shape", [(6,), (2, 5)])
def test_its_log_density_is_that_of_its_distribution(kind: str, shape: tuple[int, ...]) -> None:
    one, step, targets = enlarged(head(kind)), Step(3 * torch.randn(*shape, SIZE)), 3 * torch.randn(*shape, FEATURES)
    parameters = one.density_parameters(step, None)
    expected = one.distribution.log_prob(parameters.numpy(), targets.numpy())
    found = one.log_prob(step, targets, None)
    assert found.shape == shape
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-4)
    assert_same(one.loss(step, targets, None)[1], -found)


@every_head
def test_gradients_are_those_of_differences(kind: str) -> None:
    one = enlarged(head(kind)).double()
    output = torch.randn(3, SIZE, dtype=torch.float64, requires_grad=True)
    targets = torch.randn(3, FEATURES, dtype=torch.float64)
    weights = (one.projection.weight, one.projection.bias)
    assert torch.autograd.gradcheck(lambda x, *_: one.loss(Step(x), targets, None)[0], (output, *weights))


@every_head
def test_it_computes_in_single_precision_whatever_the_network_is_in(kind: str) -> None:
    one, output, targets = head(kind), torch.randn(2, 5, SIZE).bfloat16(), torch.randn(2, 5, FEATURES)
    expected, _ = one.loss(Step(output.float()), targets, None)
    with torch.autocast("cpu", torch.bfloat16):
        narrow, _ = one.loss(Step(output), targets, None)
    assert_same(narrow, expected)
    found, _ = one.bfloat16().loss(Step(output), targets, None)
    assert found.dtype == torch.float32
    assert_same(found, expected, rtol=0.2, atol=0.2)


@every_head
@pytest.mark.parametrize("raw", [-1e4, -50.0, 0.0, 80.0, 1e4])
def test_no_parameter_makes_a_loss_or_a_gradient_infinite(kind: str, raw: float) -> None:
    one = head(kind)
    with torch.no_grad():
        one.projection.weight.zero_()
        one.projection.bias.fill_(raw)
    loss, nll = one.loss(Step(torch.ones(1, SIZE)), torch.full((1, FEATURES), 3.0), None)
    loss.sum().backward()  # type: ignore[no-untyped-call]
    assert loss.isfinite().all() and nll.isfinite().all() and one.projection.bias.grad is not None
    assert one.projection.bias.grad.isfinite().all()


@every_head
def test_it_learns_the_quantiles_of_what_it_is_shown(kind: str) -> None:
    one, generator = head(kind, 1, 1), torch.Generator().manual_seed(1)
    values = 2.0 + 0.5 * torch.randn(2000, 1, generator=generator)
    step, optimizer = Step(torch.ones(2000, 1)), torch.optim.Adam(one.parameters(), 0.05)
    for _ in range(300):
        optimizer.zero_grad()
        one.loss(step, values, None)[0].mean().backward()  # type: ignore[no-untyped-call]
        optimizer.step()
    with torch.no_grad():
        parameters = one.density_parameters(Step(torch.ones(1, 1)), None).numpy()
    for q, right in ((0.158655, 1.5), (0.5, 2.0), (0.841345, 2.5)):
        assert one.distribution.quantile(parameters, q)[0, 0] == pytest.approx(right, abs=0.07)


@every_head
def test_its_own_choices_are_modes_and_samples(kind: str) -> None:
    one, step = enlarged(head(kind)), Step(torch.randn(1, SIZE).repeat(4000, 1))
    parameters = one.density_parameters(step, None).detach().numpy()
    modes = one.choose(step, None, drawn=False).detach()
    np.testing.assert_allclose(modes, one.distribution.mode(parameters), rtol=1e-5)
    drawn = one.choose(step, None, drawn=True).detach().numpy()
    assert drawn.shape == (4000, FEATURES) and drawn.std(0).min() > 0
    np.testing.assert_allclose(np.median(drawn, 0), one.distribution.quantile(parameters[0], 0.5), atol=0.3)


def test_quantiles_learn_by_the_pinball_loss() -> None:
    one = QuantileHead(SIZE, 1)
    step, target = Step(torch.randn(1, SIZE)), torch.tensor([[0.4]])
    loss, _ = one.loss(step, target, None)
    parameters = one.density_parameters(step, None).detach().numpy()
    losses = []
    for level in one.levels.tolist():
        beyond = 0.4 - float(one.distribution.quantile(parameters, level)[0, 0])
        losses.append(max(level * beyond, (level - 1) * beyond))
    assert loss.item() == pytest.approx(2 * np.mean(losses), rel=1e-4)


@every_head
def test_it_is_a_head_of_values_and_not_of_symbols(kind: str) -> None:
    assert isinstance(head(kind), DensityHead) and not isinstance(head(kind), SymbolHead)
