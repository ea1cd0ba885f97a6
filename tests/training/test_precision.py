"""bfloat16 is used where it is asked for, or where the machine has it and the loss agrees."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from unspool.config import TrainingConfig, resolve
from unspool.fields.padding import pad
from unspool.models.registry import build
from unspool.training import precision
from unspool.training.train_state import TrainState
from unspool.types import Batch, Dimensions, Symbols

CPU = torch.device("cpu")
TINY = {"name": "luong", "embedding_size": 8, "encoder_size": 8, "decoder_size": 8}


def batch() -> Batch:
    rows = [np.array([4, 5, 6]), np.array([5, 4])]
    return Batch(pad(rows), pad(rows), np.arange(2))


def train_state(wanted: Any) -> TrainState:
    model = build(resolve({"model": TINY}).model, Dimensions(Symbols(8), Symbols(8)))
    return TrainState(model, TrainingConfig(precision=wanted), CPU)


@pytest.fixture
def hardware(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(precision, "has_bf16", lambda device: True)


def test_auto_is_bfloat16_where_the_machine_has_it_and_the_loss_agrees(hardware: None) -> None:
    one = train_state("auto")
    assert one.check_precision(batch()) is None
    assert one.precision == "bf16"


def test_auto_goes_back_to_float32_and_says_so_where_the_loss_does_not_agree(
    hardware: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(precision, "AGREEMENT", 1e-9)  # less than rounding to eight bits changes
    one = train_state("auto")
    said = one.check_precision(batch())
    assert said is not None and "float32" in said
    assert one.precision == "fp32"


def test_what_a_person_asked_for_is_not_second_guessed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(precision, "AGREEMENT", 1e-9)
    one = train_state("bf16")
    assert one.check_precision(batch()) is None
    assert one.precision == "bf16"


def test_the_check_draws_nothing_and_leaves_the_model_in_training(hardware: None) -> None:
    one = train_state("auto")
    before = torch.get_rng_state()
    one.check_precision(batch())
    assert torch.equal(torch.get_rng_state(), before)
    assert one.module.training
    assert all(parameter.grad is None for parameter in one.module.parameters())
