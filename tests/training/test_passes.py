"""Too few minutes for two passes over the data are said once the speed is known, and at the end."""

from __future__ import annotations

import pytest

from unspool.config import TrainingConfig
from unspool.training import clock as clocks
from unspool.training.clock import Clock
from unspool.training.passes import MEASURED, FewPasses
from unspool.training.progress import Progress


def told(minutes: float, updates_a_second: float, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is said of a run of 10 batches an epoch."""
    now, messages, reports = [0.0], list[str](), []
    monkeypatch.setattr(clocks.time, "monotonic", lambda: now[0])
    progress = Progress()
    clock = Clock(TrainingConfig(max_minutes=minutes), progress, 10)
    passes = FewPasses(True, reports.append, messages.append)
    for second in (1.0, MEASURED, MEASURED + 1, 60 * minutes):
        now[0], progress.update = second, round(second * updates_a_second)
        passes(clock.report(None))
    passes.end(clock.passes)
    assert len(reports) == 4
    return messages


def test_too_few_passes_are_told_at_the_start_and_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    start, end = told(0.5, 0.4, monkeypatch)
    assert "about 1.2 passes" in start and "1.2 passes" in end and "--max-minutes" in end


def test_two_passes_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(0.5, 0.8, monkeypatch) == []


def test_without_minutes_nothing_is_said() -> None:
    messages: list[str] = []
    FewPasses(False, lambda report: None, messages.append).end(0.1)
    assert messages == []
