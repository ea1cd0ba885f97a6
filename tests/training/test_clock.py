"""A part of the time limit can be kept for what follows training; validations measure how much that is."""

from __future__ import annotations

import pytest

from unspool.config import TrainingConfig
from unspool.training import clock as clocks
from unspool.training.clock import Clock
from unspool.training.progress import Progress
from unspool.training.validation import spaced


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time, to be changed."""
    time = [0.0]
    monkeypatch.setattr(clocks.time, "monotonic", lambda: time[0])
    return time


def test_training_ends_early_enough_for_what_was_measured_last(now: list[float]) -> None:
    clock = Clock(
        TrainingConfig(max_minutes=1), Progress(update=1), 10, lambda seconds: 20 if seconds is None else 3 * seconds
    )
    now[0] = 30
    assert clock.done == pytest.approx(30 / 40)
    clock.validated(5)
    assert clock.done == pytest.approx(30 / 45)
    clock.validated(11)
    assert clock.done == 1


def test_a_reserve_that_leaves_no_time_ends_training(now: list[float]) -> None:
    assert Clock(TrainingConfig(max_minutes=1), Progress(update=1), 10, lambda seconds: 100.0).done == 1


def test_with_a_reserve_validations_come_by_the_clock_too(now: list[float]) -> None:
    config, progress = TrainingConfig(max_minutes=8), Progress(update=1)
    without, clock = Clock(config, progress, 10), Clock(config, progress, 10, lambda seconds: 0.0)
    now[0] = 61
    assert clock.validation_due and not without.validation_due
    clock.validated(1)
    assert not clock.validation_due


def test_numbers_are_evenly_spaced() -> None:
    assert spaced(7, 3) == [0, 2, 4] and spaced(2, 5) == [0, 1]
