"""Models of real values as graphs: the encoder reads `[B, S, F]` in floats. Their laws are those of every world."""

from __future__ import annotations

import numpy as np
import torch

from exported import runtime_of
from unspool.fields.padding import pad
from unspool.nn.stepper import TorchStepper
from unspool.types import Question, Task
from worlds import PLAIN, SOURCE_FEATURES

WORLD = next(world for world in PLAIN if world.model == "luong" and world.given == Task("values", "text"))


def test_what_is_compared_depends_on_the_values() -> None:
    model, exported = TorchStepper(WORLD.build(), torch.device("cpu")), runtime_of(WORLD)
    values = np.random.default_rng(4).normal(size=(4, SOURCE_FEATURES)).astype(np.float32)
    low, high = model.open(pad([values])), exported.open(pad([values + 1]))
    one, other = model.step(low, Question(1))[0], exported.step(high, Question(1))[0]
    assert abs(one.best[1] - other.best[1]).max() > 1e-3
