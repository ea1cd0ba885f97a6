"""Locked and recurrent dropout in whole models: one setting each, whatever loop or kernel a model runs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import torch

from unspool.config.model_families import RecurrentSettings
from unspool.nn.embedding import embeddings_of
from unspool.training.objectives import teacher_forcing
from worlds import PLAIN, World, examples, on

RECURRENT = [world for world in PLAIN if isinstance(world.settings(), RecurrentSettings)]
every_recurrent_world = on(RECURRENT)
embedding_worlds = on(world for world in RECURRENT if not world.given)


def with_settings(world: World, **values: Any) -> Any:
    return replace(world, values=world.values | values).build().train()


def loss_of(world: World, model: Any, seed: int) -> torch.Tensor:
    torch.manual_seed(seed)
    batch = world.examples().of_type(model)
    return teacher_forcing(model, batch.source, batch.target, smoothing=0.1).smoothed


@every_recurrent_world
def test_recurrent_dropout_changes_what_is_learned_and_nothing_in_use(world: World) -> None:
    model, plain = with_settings(world, recurrent_dropout=0.5), with_settings(world)
    assert loss_of(world, model, 1) != loss_of(world, model, 2) and loss_of(world, model, 1) == loss_of(world, model, 1)
    assert loss_of(world, plain, 1) == loss_of(world, plain, 2) == loss_of(world, model.eval(), 1)


@every_recurrent_world
def test_gradients_are_right_under_every_kind_of_dropout(world: World) -> None:
    model = with_settings(world, dropout=0.3, locked_dropout=True, recurrent_dropout=0.3).double()
    parameters = list(model.parameters())
    generator = torch.Generator().manual_seed(7)
    direction = [torch.randn(p.shape, generator=generator, dtype=torch.float64) for p in parameters]
    gradients = torch.autograd.grad(loss_of(world, model, 1), parameters, allow_unused=True)
    slope = sum(float((g * d).sum()) for g, d in zip(gradients, direction, strict=True) if g is not None)

    def moved(step: float) -> float:
        with torch.no_grad():
            for parameter, change in zip(parameters, direction, strict=True):
                parameter.add_(change, alpha=step)
            value = float(loss_of(world, model, 1))
            for parameter, change in zip(parameters, direction, strict=True):
                parameter.sub_(change, alpha=step)
        return value

    assert slope == pytest.approx((moved(1e-5) - moved(-1e-5)) / 2e-5, rel=1e-3, abs=1e-5)


@pytest.mark.parametrize("locked", [False, True])
@pytest.mark.parametrize("input_feeding", [False, True])
def test_a_locked_mask_is_the_same_at_every_step_of_a_loop_too(locked: bool, input_feeding: bool) -> None:
    world = World("luong", "fed", {"input_feeding": input_feeding, "decoder_size": 20, "decoder_layers": 2})
    model = with_settings(world, dropout=0.5, locked_dropout=locked)
    batch = examples()
    memory = model.encode(batch.source)
    step, _ = model.unroll(batch.target.values, model.start(memory)[1], memory)
    kept = step.output != 0
    assert bool((kept == kept[:, :1]).all()) == locked
    assert not bool((kept == kept[:1]).all())


@embedding_worlds
def test_embeddings_drop_what_their_own_setting_says(world: World) -> None:
    alone, without = with_settings(world, embedding_dropout=0.5), with_settings(world, dropout=0.5, embedding_dropout=0)
    assert loss_of(world, alone, 1) != loss_of(world, alone, 2)
    assert loss_of(world, alone.eval(), 1) == loss_of(world, with_settings(world).eval(), 1)
    assert [part.dropout.drops for part in embeddings_of(without)] == [False] * len(embeddings_of(without))
    assert loss_of(world, without, 1) != loss_of(world, without, 2)
