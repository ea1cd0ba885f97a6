"""How far a run has come, and the reports about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass
class Progress:
    """The plain numbers of a checkpoint.

    epoch, batch: the next batch
    update:       updates made
    seconds:      time spent training, over all interruptions
    best:         the best value of the deciding metric so far
    patience:     validations since then
    plateau:      the share of the learning rate that the plateau schedule has left
    lines:        lines of metrics.jsonl that belong to this state
    """

    epoch: int = 0
    batch: int = 0
    update: int = 0
    seconds: float = 0.0
    best: float | None = None
    patience: int = 0
    plateau: float = 1.0
    lines: int = 0
    finished: bool = False


@dataclass(frozen=True, slots=True)
class Validation:
    """What decoding held-out data gives: all figures, the deciding one, its direction (+1: more is better)."""

    figures: dict[str, Any]
    metric: str
    value: float
    direction: int


@dataclass(frozen=True, slots=True)
class Report:
    """What a person may want to see while it trains.

    done: 0 to 1, by updates or by the clock
    nll:  nats a target symbol since the last report, without smoothing
    symbols_per_second: target symbols, in training alone (validation and saving left out)
    """

    epoch: int
    update: int
    done: float
    seconds: float
    seconds_left: float
    nll: float
    rate: float
    symbols_per_second: float
    validation: Validation | None
    improved: bool
