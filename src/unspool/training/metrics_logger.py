"""The records of a run in training: metrics.jsonl, one line for each report, and TensorBoard events.

They are only records: training goes on where they cannot be written, and a damaged line is left out.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any

from unspool.folder import METRICS, TENSORBOARD
from unspool.storage.atomic import replace
from unspool.training.events import Events
from unspool.training.progress import Progress, Report


class MetricsLogger:
    """Appends reports; on resume, the lines after the checkpoint's update are dropped: they will be written again."""

    def __init__(self, folder: Path, update: int, on_message: Callable[[str], None]) -> None:
        self.folder, self.on_message = folder, on_message
        self._open = ExitStack()
        path = folder / METRICS
        replace(path, b"".join(_until(path, update)))
        self.file = self._open.enter_context(path.open("ab", buffering=0))
        self.events: Events | None = None
        try:
            self.events = Events(folder / TENSORBOARD, update)
            self._open.callback(self.events.close)
        except OSError as error:
            self._give_up(error)

    def write(self, report: Report) -> None:
        """Write a line of training figures; after a validation, also one of its figures and one of its samples."""
        figures = {name: getattr(report, name) for name in ("nll", "rate", "symbols_per_second", "seconds")}
        self._write("train", report, figures)
        if report.validation:
            self._write("valid", report, report.validation.figures)
            samples = [asdict(sample) for sample in report.validation.samples]
            self._write("samples", report, {"samples": samples})

    def final(self, progress: Progress, figures: dict[str, Any]) -> None:
        """Write the figures of the finished model on all validation sources."""
        self._write("final", progress, figures)

    def _write(self, kind: str, report: Report | Progress, figures: dict[str, Any]) -> None:
        line = {"kind": kind, "epoch": report.epoch, "update": report.update} | figures
        with suppress(OSError):  # the checkpoint, which follows, says what is wrong
            self.file.write((json.dumps(line, ensure_ascii=False) + "\n").encode())
        try:
            for name, value in figures.items() if self.events else ():
                if self.events and isinstance(value, (int, float)):
                    self.events.add(f"{kind}/{name}", value, report.update)
        except OSError as error:
            self._give_up(error)

    def _give_up(self, error: OSError) -> None:
        self.events = None
        where = self.folder / TENSORBOARD
        self.on_message(
            f"{where} could not be written ({error.strerror}): training goes on without TensorBoard's files."
        )

    def __enter__(self) -> MetricsLogger:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        with suppress(OSError):
            self._open.close()


def _until(path: Path, update: int) -> list[bytes]:
    """The lines up to an update, without damaged ones."""
    if not path.exists():
        return []
    return [line for line in path.read_bytes().splitlines(keepends=True) if 0 <= _update_of(line) <= update]


def _update_of(line: bytes) -> int:
    """The update of a line; -1 if it is damaged."""
    try:
        value = json.loads(line)["update"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return -1
    return value if isinstance(value, int) and line.endswith(b"\n") else -1
