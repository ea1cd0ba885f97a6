"""What one update does: losses add up over batches, padding counts nothing, the mean of the weights follows them."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from unspool.config import TrainingConfig, resolve
from unspool.fields.padding import pad
from unspool.models import registry
from unspool.nn.stepper import to_torch
from unspool.training.averaging import Average
from unspool.training.clock import Clock
from unspool.training.loop import train_step, update_best
from unspool.training.objectives import teacher_forcing
from unspool.training.progress import Progress, Validation
from unspool.training.train_state import TrainState
from unspool.types import EOS, Batch, Dimensions, Symbols

CPU = torch.device("cpu")
SETTINGS = {"name": "luong", "embedding_size": 6, "encoder_size": 8, "decoder_size": 8, "dropout": 0.0}
ROWS = [([4, 5, 6], [7, 4, EOS]), ([5], [4, EOS]), ([6, 6, 4, 5], [5, EOS])]


def batch(rows: list[tuple[list[int], list[int]]]) -> Batch:
    sources, targets = ([np.array(row) for row in side] for side in zip(*rows, strict=True))
    return Batch(pad(sources), pad(targets), np.arange(len(rows)))


def train_state(**settings: object) -> TrainState:
    torch.manual_seed(0)
    model = registry.build(resolve({"model": SETTINGS}).model, Dimensions(Symbols(9), Symbols(9)))
    return TrainState(model, TrainingConfig(precision="fp32", **settings), CPU)


def update(learner: TrainState, group: list[Batch], **settings: object) -> list[torch.Tensor]:
    config = TrainingConfig(precision="fp32", **settings)
    progress = Progress()
    train_step(learner, group, 0.1, config, progress, Clock(config, progress, 1))
    return [parameter.detach().clone() for parameter in learner.module.parameters()]


def test_accumulated_batches_are_one_large_batch() -> None:
    plain = {"optimizer": "adam", "label_smoothing": 0.1}
    whole = update(train_state(**plain), [batch(ROWS)], **plain)
    parts = update(train_state(**plain), [batch(ROWS[:1]), batch(ROWS[1:])], **plain)
    for one, other in zip(whole, parts, strict=True):
        torch.testing.assert_close(one, other, atol=1e-4, rtol=1e-3)


def test_the_reported_loss_is_the_likelihood_and_not_the_smoothed_one() -> None:
    learner = train_state()
    made = batch(ROWS)
    source, target = to_torch(made.source, CPU), to_torch(made.target, CPU)
    plain, smoothed = (teacher_forcing(learner.model, source, target, smoothing) for smoothing in (0.0, 0.3))
    assert smoothed.nll.item() == pytest.approx(plain.smoothed.item(), rel=1e-5)
    assert smoothed.smoothed.item() != pytest.approx(plain.smoothed.item(), rel=1e-3)


def test_clipping_bounds_what_one_update_can_do() -> None:
    learner = train_state()
    learner.module.combine.weight.data.mul_(100)
    update(learner, [batch(ROWS)], clip_norm=0.5)
    norm = torch.stack([p.grad.norm() for p in learner.module.parameters() if p.grad is not None]).norm()
    assert norm <= 0.5 + 1e-4


def test_the_mean_of_the_weights_follows_them_and_the_model_is_not_touched() -> None:
    model = nn.Linear(2, 2)
    average = Average(model, decay=0.9)
    start = model.weight.detach().clone()
    with torch.no_grad():
        model.weight.add_(1.0)
    for updates in range(1000, 1010):
        average.update(updates)
    torch.testing.assert_close(average.model.weight, start + 1 - 0.9**10)
    torch.testing.assert_close(model.weight, start + 1)
    average.restart()
    torch.testing.assert_close(average.model.weight, model.weight)


def test_without_a_decay_the_mean_is_the_model_itself() -> None:
    model = nn.Linear(2, 2)
    assert Average(model, decay=0.0).model is model


@pytest.mark.parametrize("direction", [1, -1])
def test_patience_counts_validations_that_were_no_better_and_the_plateau_falls(direction: int) -> None:
    config = TrainingConfig(plateau_patience=1, plateau_factor=0.5)
    progress = Progress()
    seen = []
    for value in (10, 20, 20, 15, 5, 30):
        update_best(Validation({}, "m", direction * value, direction), progress, config)
        seen.append((progress.patience, progress.plateau))
    assert seen == [(0, 1.0), (0, 1.0), (1, 1.0), (2, 0.5), (3, 0.5), (0, 0.5)]
    assert progress.best == direction * 30
