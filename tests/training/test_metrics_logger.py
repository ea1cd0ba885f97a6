"""Records of training are only records: damage and a full disk do not stop it."""

from __future__ import annotations

import errno
import json
from pathlib import Path

import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from unspool.training.events import Events
from unspool.training.metrics_logger import MetricsLogger
from unspool.training.progress import Report


def report(update: int) -> Report:
    return Report(0, update, 0.5, 1.0, 1.0, 2.0 / update, 1e-3, 100.0, None, improved=False)


def log(folder: Path, after: int, *updates: int) -> list[str]:
    said: list[str] = []
    with MetricsLogger(folder, after, said.append) as logger:
        for update in updates:
            logger.write(report(update))
    return said


def updates_of(folder: Path) -> list[int]:
    return [json.loads(line)["update"] for line in (folder / "metrics.jsonl").read_text().splitlines()]


def test_a_resumed_run_goes_on_after_the_checkpoint_in_both_records(tmp_path: Path) -> None:
    log(tmp_path, 0, 1, 2, 3, 4)
    log(tmp_path, 2, 3, 5)
    assert updates_of(tmp_path) == [1, 2, 3, 5]
    board = EventAccumulator(str(tmp_path / "tensorboard"))
    board.Reload()
    assert [(event.step, event.value) for event in board.Scalars("train/nll")] == [
        (step, pytest.approx(2.0 / step)) for step in (1, 2, 3, 5)
    ]


@pytest.mark.parametrize(
    "damage", [b"{\x00\xff\n", b"[1]\n", b'{"update": "x"}\n', b"[" * 50_000 + b"\n", b'{"update"']
)
def test_a_damaged_line_is_left_out(damage: bytes, tmp_path: Path) -> None:
    log(tmp_path, 0, 1, 2)
    path = tmp_path / "metrics.jsonl"
    path.write_bytes(damage + path.read_bytes() if damage.endswith(b"\n") else path.read_bytes() + damage)
    log(tmp_path, 2, 3)
    assert updates_of(tmp_path) == [1, 2, 3]


def test_training_goes_on_without_tensorboard_where_the_disk_is_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*arguments: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Events, "add", refuse)
    said = log(tmp_path, 0, 1, 2)
    assert updates_of(tmp_path) == [1, 2]
    assert len(said) == 1 and "tensorboard could not be written (No space left on device)" in said[0]
    (tmp_path / "tensorboard" / "x").touch()
    monkeypatch.setattr(Events, "__init__", refuse)
    assert len(log(tmp_path, 2, 3)) == 1
