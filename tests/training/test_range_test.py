"""A range test finds the rate at which a loss falls fastest."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from unspool.config import TrainingConfig, resolve
from unspool.data.corpus import Corpus
from unspool.data.ragged import EncodedSide, RaggedBuilder
from unspool.errors import Mistake
from unspool.fields.padding import Flat
from unspool.fields.text import TextField
from unspool.models import registry
from unspool.text.bytes import ByteTokenizer
from unspool.training.batch_sampler import BatchSampler
from unspool.training.range_test import HIGHEST, LOWEST, UPDATES, RangeTest, range_test
from unspool.training.train_state import TrainState
from unspool.types import EOS, Array, Dimensions, Symbols

RATES = np.geomspace(LOWEST, HIGHEST, UPDATES).tolist()


def falling_at(rate: float, until: float = 1.0) -> RangeTest:
    """Losses from 3 to 1 nats, half of the way at this rate."""
    logs, steps = np.log10(RATES), np.log10(rate)
    losses = (2 + np.tanh(-4 * (logs - steps))).tolist()
    count = sum(rate <= until for rate in RATES)
    return RangeTest(RATES[:count], losses[:count])


@pytest.mark.parametrize("rate", [1e-3, 1e-2])
def test_the_suggestion_is_where_the_loss_falls_fastest(rate: float) -> None:
    assert falling_at(rate).suggestion == pytest.approx(rate, rel=0.1)


def test_the_suggestion_has_two_digits() -> None:
    suggestion = falling_at(3e-3).suggestion
    assert float(f"{suggestion:.2g}") == suggestion


@pytest.mark.parametrize("losses", [[], [3.0] * 50, np.linspace(1, 5, 50).tolist()])
def test_losses_that_never_fall_suggest_nothing(losses: list[float]) -> None:
    with pytest.raises(Mistake, match="at none of the rates"):
        _ = RangeTest(RATES[: len(losses)], losses).suggestion


def test_the_mean_of_neighbours_follows_a_slope_without_lagging() -> None:
    smoothed = RangeTest(RATES[:101], np.linspace(3, 1, 101).tolist()).smoothed
    assert smoothed[50] == pytest.approx(2) and smoothed[30] == pytest.approx(3 - 2 * 0.3)
    jagged = RangeTest(RATES[:100], [1.0, 3.0] * 50).smoothed
    assert np.abs(jagged[10:-10] - 2).max() < 0.05


def side(rows: list[Array]) -> EncodedSide:
    builder = RaggedBuilder(np.dtype(np.uint8))
    builder.extend(Flat(np.concatenate(rows), np.array([len(row) for row in rows])))
    return EncodedSide(TextField(ByteTokenizer()), (builder.build(),))


def learner() -> tuple[TrainState, BatchSampler, TrainingConfig]:
    torch.manual_seed(0)
    draw = np.random.default_rng(0)
    rows = [draw.integers(4, 9, draw.integers(1, 5)) for _ in range(60)]
    corpus = Corpus(side(rows), side([np.append(row, EOS) for row in rows]))
    config = TrainingConfig(precision="fp32", batch_symbols=128)
    settings = {"name": "luong", "embedding_size": 8, "encoder_size": 16, "decoder_size": 16}
    model = registry.build(resolve({"model": settings}).model, Dimensions(Symbols(9), Symbols(9)))
    return TrainState(model, config, torch.device("cpu")), BatchSampler(corpus, 128, seed=1), config


def test_rates_grow_and_training_stops_where_the_loss_explodes() -> None:
    counted: list[int] = []
    test = range_test(*learner(), counted.append)
    assert test.rates == RATES[: len(test.rates)] and len(counted) == len(test.rates) == len(test.losses)
    assert 1e-4 < test.suggestion < 0.3
    assert len(test.rates) == UPDATES or test.exploded


def test_a_loss_that_is_no_number_ends_the_test() -> None:
    train_state, sampler, config = learner()
    assert isinstance(train_state.module, nn.Module)
    with torch.no_grad():
        next(train_state.module.parameters()).fill_(float("nan"))
    test = range_test(train_state, sampler, config, lambda count: None)
    assert test.rates == test.losses == []
