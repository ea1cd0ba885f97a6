"""A model is its settings and its weights, and nothing else."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import torch

from unspool.models.registry import models
from unspool.training.checkpoint import read_weights, write_weights
from unspool.types import Step
from variants import VALUES_VARIANTS, VARIANTS
from worlds import World, assert_same, every_world, shifted, worlds


@torch.no_grad()
def written(world: World, model: Any) -> Step:
    batch = world.examples()
    memory = model.encode(batch.source)
    step, _ = model.unroll(shifted(batch.target), model.start(memory)[1], memory)
    return step


@every_world
def test_save_then_load_gives_the_same_output(world: World, tmp_path: Path) -> None:
    model, other = world.build(seed=1), world.build(seed=2)
    assert not torch.allclose(written(world, model).output, written(world, other).output, atol=1e-2)
    write_weights(tmp_path / "model.safetensors", model, "ours")
    read_weights(tmp_path / "model.safetensors", other, "ours")
    assert_same(written(world, other), written(world, model), rtol=0, atol=0)


@every_world
def test_a_copy_has_weights_of_its_own(world: World) -> None:
    model = world.build()
    twin = copy.deepcopy(model)
    before = written(world, model)
    with torch.no_grad():
        for parameter in twin.parameters():
            parameter.mul_(0.5)
    assert_same(written(world, model), before, rtol=0, atol=0)
    assert not torch.allclose(written(world, twin).output, before.output, atol=1e-3)


@every_world
def test_dropout_of_zero_makes_training_equal_evaluation(world: World) -> None:
    model = world.build()
    expected = written(world, model)
    assert_same(written(world, model.train()), expected)


def test_every_model_of_the_registry_has_a_world() -> None:
    assert {world.model for world in worlds()} == set(models())
    assert set(VARIANTS) | set(VALUES_VARIANTS) <= set(models())
