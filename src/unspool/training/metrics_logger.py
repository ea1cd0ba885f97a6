"""The records of a run in training: metrics.jsonl, one line for each report, and TensorBoard events."""

from __future__ import annotations

import itertools
import json
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any

from unspool.folder import METRICS, TENSORBOARD, replace
from unspool.training.progress import Report


class MetricsLogger:
    """Appends reports; on resume, the lines after the checkpoint are dropped, because they are written again."""

    def __init__(self, folder: Path, lines: int) -> None:
        # TensorBoard is slow to import, and help texts should not wait for it.
        from torch.utils.tensorboard import SummaryWriter

        self.path = folder / METRICS
        self.lines = lines
        kept = self._first(lines)
        replace(self.path, "".join(kept).encode())
        self.file = self.path.open("a", encoding="utf-8")
        self.board = SummaryWriter(str(folder / TENSORBOARD), purge_step=_last_update(kept) + 1)

    def write(self, report: Report) -> None:
        """Write a line of training figures; after a validation, also one of its figures and one of its samples."""
        figures = {name: getattr(report, name) for name in ("nll", "rate", "symbols_per_second", "seconds")}
        self._write("train", report, figures)
        if report.validation:
            self._write("valid", report, report.validation.figures)
            samples = [asdict(sample) for sample in report.validation.samples]
            self._write("samples", report, {"samples": samples})

    def _write(self, kind: str, report: Report, figures: dict[str, Any]) -> None:
        where = {"kind": kind, "epoch": report.epoch, "update": report.update}
        self.file.write(json.dumps(where | figures, ensure_ascii=False) + "\n")
        self.file.flush()
        self.lines += 1
        for name, value in figures.items():
            if isinstance(value, (int, float)):
                self.board.add_scalar(f"{kind}/{name}", value, report.update)

    def __enter__(self) -> MetricsLogger:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.file.close()
        self.board.close()

    def _first(self, lines: int) -> list[str]:
        if not lines or not self.path.exists():
            return []
        with self.path.open(encoding="utf-8") as file:
            return list(itertools.islice(file, lines))


def _last_update(lines: list[str]) -> int:
    return int(json.loads(lines[-1])["update"]) if lines else -1
