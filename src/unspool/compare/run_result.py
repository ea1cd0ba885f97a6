"""What is kept of one run or rival: enough for every table and picture of the report."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal

import numpy as np
from pydantic import Field

from unspool import folder as disk
from unspool.config.run import validated
from unspool.config.settings import Settings
from unspool.metrics.report import Figures
from unspool.types import Array


class RunResult(Settings):
    """One row: a network with one seed, or a rival.

    system:   the name of the model or of the rival
    why:      why it failed; empty if it did not
    figures:  by metric: the figure, and the ends of its interval over test items
    outcomes: by metric, `[N, C]`, as `metrics.metric.Metric` says
    answers:  the text of each answer; empty if they are not text
    symbols_per_second: target symbols in training; milliseconds: for one answer, alone; 0 where it was not measured
    seconds:  all that the run took, and how long training alone was
    curve:    seconds of training and the deciding metric of each validation
    """

    system: str
    seed: int = 1
    kind: Literal["network", "rival"] = "network"
    why: str = ""
    figures: dict[str, tuple[float, float, float]] = Field(default_factory=dict)
    outcomes: dict[str, list[list[float]]] = Field(default_factory=dict)
    answers: list[str] = Field(default_factory=list)
    parameters: int = 0
    symbols_per_second: float = 0.0
    milliseconds: float = 0.0
    seconds: float = 0.0
    trained_seconds: float = 0.0
    updates: int = 0
    curve: list[tuple[float, float]] = Field(default_factory=list)

    @property
    def finished(self) -> bool:
        """Whether it was measured."""
        return not self.why

    def outcome(self, metric: str) -> Array:
        """`[N, C]`."""
        return np.array(self.outcomes[metric], dtype=np.float64)

    def save(self, path: Path) -> None:
        """Write it whole or not at all."""
        disk.write_json(path, self.model_dump(mode="json"))

    @classmethod
    def load(cls, path: Path) -> RunResult:
        """Read it; a damaged file is a `Mistake`."""
        return validated(cls, disk.read_json(path), str(path))


def measured(figures: Figures, answers: Iterable[Any]) -> dict[str, Any]:
    """The fields of a result that come from an evaluation."""
    estimates = {
        name: (estimate.value, *(estimate.interval or (estimate.value, estimate.value)))
        for name, estimate in figures.estimates.items()
    }
    return {
        "figures": estimates,
        "outcomes": {name: rows.tolist() for name, rows in figures.outcomes.items()},
        "answers": [answer for answer in answers if isinstance(answer, str)],
    }
