"""The readings of a training log, with their times."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from benchmarks.speed.tools.tool import Reading, Tool


@dataclass
class Trace:
    """One training run.

    seconds:  the time of each report
    readings: the figures of each report
    held_out: the loss on held-out data at the end, if the tool prints it
    """

    seconds: list[float] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)
    held_out: float | None = None

    def add(self, seconds: float, reading: Reading) -> None:
        """One more report."""
        self.seconds.append(seconds)
        self.readings.append(reading)

    def speed(self, warm_up: int) -> float:
        """Target symbols a second over all updates after the warm-up, by our clock."""
        symbols = time = 0.0
        for number in self._after(warm_up):
            gone = self.seconds[number] - self.seconds[number - 1]
            symbols += self._symbols(number, gone)
            time += gone
        return symbols / time

    def loss(self, last: int) -> float:
        """Nats a target symbol over the last updates."""
        after = self.readings[-1].update - last
        kept = [reading for reading in self.readings if reading.update > after]
        weights = [reading.symbols or 1.0 for reading in kept]
        return sum(reading.loss * weight for reading, weight in zip(kept, weights, strict=True)) / sum(weights)

    def _after(self, warm_up: int) -> list[int]:
        first = next(number for number, reading in enumerate(self.readings) if reading.update >= warm_up)
        return list(range(first + 1, len(self.readings)))

    def _symbols(self, number: int, seconds: float) -> float:
        reading = self.readings[number]
        if reading.symbols is None:
            return (reading.rate or 0.0) * seconds
        return reading.symbols * (reading.update - self.readings[number - 1].update)


def follow(
    tool: Tool, lines: Iterable[tuple[float, str]], on_reading: Callable[[Reading], Any] = lambda reading: None
) -> Trace:
    """Read the output of a training run until it ends."""
    trace = Trace()
    for seconds, line in lines:
        if reading := tool.reading(line):
            trace.add(seconds, reading)
            on_reading(reading)
        elif (loss := tool.held_out(line)) is not None:
            trace.held_out = loss
    return trace


def spread(values: list[float]) -> dict[str, float]:
    """Median, minimum and maximum."""
    return {"median": median(values), "min": min(values), "max": max(values)}
