"""The gradient says how the loss changes: custom backward passes, kernels and masks included."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import torch

from unspool.kernels.embedding_product import EmbeddedSymbols
from unspool.kernels.switch import plain_kernels
from unspool.nn.embedding import embeddings_of
from unspool.training.objectives import teacher_forcing
from worlds import World, assert_same, every_world, on, worlds


def loss_of(world: World, model: Any) -> torch.Tensor:
    batch = world.examples().of_type(model)
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


def gradients_of(world: World, model: Any) -> tuple[torch.Tensor, ...]:
    """Of a full backward pass, as training makes it."""
    model.zero_grad()
    loss_of(world, model).backward()
    zeros = (torch.zeros_like(p) if p.grad is None else p.grad.clone() for p in model.parameters())
    return tuple(zeros)


@every_world
def test_products_made_once_for_each_symbol_teach_the_same(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    model, taught = world.build(), []
    for shared in (True, False):
        monkeypatch.setattr(EmbeddedSymbols, "is_worth_sharing", lambda self, shared=shared: shared)
        taught.append(gradients_of(world, model))
    assert_same(*taught)


@every_world
def test_fused_kernels_equal_plain_ones_in_loss_and_gradients(world: World) -> None:
    model = world.build()
    loss, gradients = loss_of(world, model), gradients_of(world, model)
    with plain_kernels():
        assert_same(loss, loss_of(world, model), rtol=1e-5, atol=1e-4)
        assert_same(gradients, gradients_of(world, model), rtol=1e-4, atol=1e-4)


@contextmanager
def vectors_of(model: Any, moved: list[torch.Tensor] | None = None) -> Iterator[list[torch.Tensor]]:
    """What the model's embeddings return while entered, each time they are used; then moved by so much."""
    made: list[torch.Tensor] = []

    def hear(module: Any, inputs: Any, output: torch.Tensor) -> torch.Tensor | None:
        made.append(output)
        return None if moved is None else output + moved[len(made) - 1]

    hooks = [embedding.register_forward_hook(hear) for embedding in embeddings_of(model)]
    try:
        yield made
    finally:
        for hook in hooks:
            hook.remove()


@pytest.mark.parametrize("form", ["fused", "plain"])
@on(world for world in worlds() if not world.given)
def test_the_gradient_of_embedded_vectors_says_how_the_loss_changes_with_them(
    world: World, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UNSPOOL_KERNELS", form)
    monkeypatch.setattr(EmbeddedSymbols, "is_worth_sharing", lambda self: True)
    model = world.build().double()
    with vectors_of(model) as vectors:
        loss = loss_of(world, model)
    table = embeddings_of(model)[0].table.weight
    *gradients, _ = torch.autograd.grad(loss, [*vectors, table], materialize_grads=True)
    generator = torch.Generator().manual_seed(7)
    direction = [torch.randn(v.shape, generator=generator, dtype=torch.float64) for v in vectors]
    slope = sum(float((g * d).sum()) for g, d in zip(gradients, direction, strict=True))

    def loss_at(step: float) -> float:
        with torch.no_grad(), vectors_of(model, [step * change for change in direction]):
            return float(loss_of(world, model))

    assert slope == pytest.approx((loss_at(1e-5) - loss_at(-1e-5)) / 2e-5, rel=1e-4, abs=1e-6)
