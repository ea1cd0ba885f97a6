"""The gradient says how the loss changes: custom backward passes, kernels and masks included."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from unspool.nn.embedded import Embedded
from unspool.training.objectives import teacher_forcing
from worlds import World, assert_same, every_world


def loss_of(world: World, model: Any) -> torch.Tensor:
    batch = world.examples()
    return teacher_forcing(model, batch.source, batch.target, smoothing=0.1).smoothed


@every_world
def test_the_loss_changes_along_a_direction_as_the_gradient_says(world: World) -> None:
    model = world.build().double()
    parameters = list(model.parameters())
    generator = torch.Generator().manual_seed(7)
    direction = [torch.randn(p.shape, generator=generator, dtype=torch.float64) for p in parameters]
    gradients = torch.autograd.grad(loss_of(world, model), parameters, allow_unused=True)
    slope = sum(float((g * d).sum()) for g, d in zip(gradients, direction, strict=True) if g is not None)

    def moved(step: float) -> float:
        with torch.no_grad():
            for parameter, change in zip(parameters, direction, strict=True):
                parameter.add_(change, alpha=step)
            value = float(loss_of(world, model))
            for parameter, change in zip(parameters, direction, strict=True):
                parameter.sub_(change, alpha=step)
        return value

    step = 1e-5
    measured = (moved(step) - moved(-step)) / (2 * step)
    assert slope == pytest.approx(measured, rel=1e-4, abs=1e-6)


@every_world
def test_products_made_once_for_each_symbol_teach_the_same(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    model, taught = world.build(), []
    for few in (True, False):
        monkeypatch.setattr(Embedded, "few", lambda self, few=few: few)
        taught.append(torch.autograd.grad(loss_of(world, model), list(model.parameters()), materialize_grads=True))
    assert_same(*taught)
