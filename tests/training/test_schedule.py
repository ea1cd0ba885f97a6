"""The learning rate warms up, ends where it should, and fits itself to a time limit."""

from __future__ import annotations

import math

import pytest

from unspool.config import TrainingConfig
from unspool.training.clock import DEFAULT_EPOCHS, DEFAULT_UPDATES, Clock
from unspool.training.progress import Progress
from unspool.training.schedule import rate

SCHEDULES = ("cosine", "inverse_sqrt", "plateau", "constant")


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_warm_up_is_linear_and_ends_at_the_whole_rate(schedule: str) -> None:
    config = TrainingConfig(schedule=schedule, warmup_updates=10)
    shares = [rate(config, update, 0.0, 1.0) for update in range(10)]
    assert shares == pytest.approx([(update + 1) / 10 for update in range(10)])


def test_cosine_falls_from_one_to_its_final_share() -> None:
    config = TrainingConfig(schedule="cosine", warmup_updates=0, final_rate=0.1)
    shares = [rate(config, 100, done / 10, 1.0) for done in range(11)]
    assert shares[0] == 1 and shares[5] == pytest.approx(0.55) and shares[10] == pytest.approx(0.1)
    assert shares == sorted(shares, reverse=True)


def test_inverse_square_root_halves_when_updates_quadruple() -> None:
    config = TrainingConfig(schedule="inverse_sqrt", warmup_updates=100)
    assert rate(config, 399, 0.3, 1.0) == pytest.approx(0.5)
    assert rate(config, 1599, 0.3, 1.0) == pytest.approx(0.25)


def test_plateau_takes_the_share_that_validations_left() -> None:
    config = TrainingConfig(schedule="plateau", warmup_updates=0)
    assert rate(config, 5, 0.9, 0.25) == 0.25


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_with_a_time_limit_every_schedule_ends_low(schedule: str) -> None:
    config = TrainingConfig(schedule=schedule, warmup_updates=0, max_minutes=1.0, final_rate=0.02)
    assert rate(config, 10_000, 1.0, 1.0) <= 0.02 + 1e-9 and rate(config, 0, 0.0, 1.0) == 1


def test_a_run_without_limits_makes_its_epochs_and_enough_updates() -> None:
    def total(batches: int, **limits: float) -> int | None:
        return Clock(TrainingConfig(**limits), Progress(), batches).total

    assert total(1000) == 1000 * DEFAULT_EPOCHS
    assert total(8) == DEFAULT_UPDATES
    assert total(8, epochs=3) == 24 and total(8, epochs=3, max_updates=5) == 5
    assert total(9, epochs=2, accumulate=2) == 10
    assert total(8, max_minutes=1) is None


def test_done_is_what_runs_out_first_the_updates_or_the_clock() -> None:
    progress = Progress(update=30, seconds=30.0)
    clock = Clock(TrainingConfig(max_updates=100, max_minutes=1.0), progress, 10)
    assert clock.done == pytest.approx(0.5, abs=0.01)
    progress.update = 80
    assert clock.done == pytest.approx(0.8, abs=0.01)


def test_time_before_an_interruption_counts() -> None:
    assert Clock(TrainingConfig(), Progress(seconds=100.0), 1).seconds >= 100


def test_an_unlimited_run_can_say_no_time_left() -> None:
    clock = Clock(TrainingConfig(max_minutes=1e9), Progress(), 1)
    assert clock.report(None).seconds_left > 1e6 and not math.isnan(clock.report(None).nll)
