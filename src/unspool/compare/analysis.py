"""What the results say: a row for each system, the differences between all of them, and the answer in one sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import mean
from typing import NamedTuple

from unspool.compare.run_result import RunResult
from unspool.metrics.metric import Metric
from unspool.metrics.paired_runs import holm, paired_runs, seed_interval
from unspool.metrics.report import METRICS
from unspool.metrics.significance import PairedTest
from unspool.types import Array

SIGNIFICANT = 0.05


@dataclass(frozen=True, slots=True)
class System:
    """The finished runs of a model, or of a rival, and why others failed."""

    name: str
    kind: str
    runs: list[RunResult]
    failures: list[str]

    def value(self, metric: str) -> float:
        """The mean figure of its runs."""
        return mean(run.figures[metric][0] for run in self.runs)

    def items(self, metric: str) -> tuple[float, float]:
        """The 95 % interval over test items, of one run: the means of the runs' ends."""
        return mean(run.figures[metric][1] for run in self.runs), mean(run.figures[metric][2] for run in self.runs)

    def seeds(self, metric: str) -> tuple[float, float] | None:
        """The 95 % interval of the mean over random seeds; None with a single run."""
        return seed_interval([run.figures[metric][0] for run in self.runs])

    def outcomes(self, metric: str) -> list[Array]:
        """Of each run, `[N, C]`."""
        return [run.outcome(metric) for run in self.runs]

    def average(self, name: str) -> float:
        """The mean of another number of its runs, such as `seconds`."""
        return mean(float(getattr(run, name)) for run in self.runs)


class Difference(NamedTuple):
    """A paired test of two systems, the better one first; adjusted: p after Holm's correction for all pairs."""

    one: System
    other: System
    test: PairedTest
    adjusted: float

    @property
    def real(self) -> bool:
        """Whether chance is an unlikely reason."""
        return self.adjusted < SIGNIFICANT


@dataclass(frozen=True, slots=True)
class Analysis:
    """metric: the deciding one; systems: the best first, those without a finished run last."""

    metric: Metric
    metrics: list[str]
    systems: list[System]
    differences: list[Difference]

    def finished(self, kind: str = "") -> list[System]:
        """Systems with figures, best first; of one kind, if it is given."""
        return [system for system in self.systems if system.runs and kind in ("", system.kind)]

    def between(self, one: System, other: System) -> Difference:
        """The test of two systems."""
        return next(found for found in self.differences if {found.one.name, found.other.name} == {one.name, other.name})

    def equals(self, best: System) -> list[System]:
        """Other systems of its kind that cannot be told apart from it."""
        others = self.finished(best.kind)
        return [other for other in others if other is not best and not self.between(best, other).real]


def analyse(results: Sequence[RunResult], metrics: list[str]) -> Analysis:
    """All tests and the order of the systems. metrics: the deciding one first."""
    metric = METRICS[metrics[0]]
    systems = [_system(results, name) for name in dict.fromkeys(result.system for result in results)]
    finished = sorted(
        (system for system in systems if system.runs), key=lambda each: -metric.direction * each.value(metric.name)
    )
    pairs = list(combinations(finished, 2))
    tests = [paired_runs(metric, one.outcomes(metric.name), other.outcomes(metric.name)) for one, other in pairs]
    adjusted = holm([test.p for test in tests])
    differences = [Difference(*pair, test, p) for pair, test, p in zip(pairs, tests, adjusted, strict=True)]
    return Analysis(metric, metrics, finished + [system for system in systems if not system.runs], differences)


def _system(results: Sequence[RunResult], name: str) -> System:
    own = [result for result in results if result.system == name]
    failures = [result.why for result in own if not result.finished]
    return System(name, own[0].kind, [result for result in own if result.finished], failures)
