"""Exported graphs say what the model says, whatever the model."""

from __future__ import annotations

from pathlib import Path

import onnx
import pytest
import torch

from exported import exported, runtime_of
from unspool.export.parity import MOST_DRIFT, check_exact, measure_agreement
from unspool.export.quantized import quantize
from unspool.nn.stepper import TorchStepper
from unspool.runtime.manifest import ENCODER, STEP, read_manifest
from unspool.runtime.stepper import open_stepper
from worlds import World, every_world, exported_worlds


def model_of(world: World) -> TorchStepper:
    return TorchStepper(world.build(), torch.device("cpu"))


@exported_worlds
def test_graphs_equal_the_model_at_other_lengths_and_batch_sizes(world: World) -> None:
    found = check_exact(model_of(world), runtime_of(world), world.dimensions)
    assert max(found["log_prob"], found["attention"]) < 1e-5


@exported_worlds
def test_quantized_graphs_run_and_stay_near_the_model(world: World, tmp_path: Path) -> None:
    for name in (ENCODER, STEP):
        quantize(onnx.load(exported(world) / name), tmp_path / name)
    rounded = open_stepper(tmp_path, read_manifest(exported(world)), threads=1)
    found = measure_agreement(model_of(world), rounded, world.dimensions)
    assert 0 < found["log_prob"] < MOST_DRIFT


@pytest.mark.exhaustive
@every_world
def test_every_world_can_be_exported(world: World) -> None:
    check_exact(model_of(world), runtime_of(world), world.dimensions)
