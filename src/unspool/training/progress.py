"""The progress of a run, and reports about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter


@dataclass
class Progress:
    """The plain numbers of a checkpoint.

    epoch, batch: the next batch
    update:       updates made
    seconds:      time spent training, over all interruptions
    best:         the best value of the main metric so far
    patience:     validations since then
    plateau:      the factor of the learning rate by the plateau schedule
    """

    epoch: int = 0
    batch: int = 0
    update: int = 0
    seconds: float = 0.0
    best: float | None = None
    patience: int = 0
    plateau: float = 1.0
    finished: bool = False

    @classmethod
    def from_json(cls, text: str) -> Progress:
        """From a checkpoint's header; what an older release stored beside this does not count."""
        return TypeAdapter(cls).validate_json(text)


@dataclass(frozen=True, slots=True)
class Sample:
    """A held-out source, the model's answer and the right answers, as people read them."""

    source: str
    answer: str
    references: tuple[str, ...]
    right: bool


@dataclass(frozen=True, slots=True)
class Validation:
    """The result of a validation: all figures, the main metric, its value and direction (+1: higher is better)."""

    figures: dict[str, Any]
    metric: str
    value: float
    direction: int
    samples: tuple[Sample, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """The state of a run for progress displays and logs.

    done: 0 to 1, by updates or by time
    nll:  loss in nats a target symbol since the last report, without smoothing
    symbols_per_second: target symbols, without the time of validation and saving
    unit: what is counted as a symbol: letters or words, labels, steps of a series
    passes: over the data by the end of training, if it goes on at this speed
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
    unit: str = "symbols"
    passes: float = float("inf")
