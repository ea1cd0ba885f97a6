"""The runs of a comparison, one after another: finished ones are kept, and one that fails does not stop the others."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Protocol

from unspool.compare.comparison import RESULTS, Comparison
from unspool.compare.network_run import run_network
from unspool.compare.rival_run import run_rival
from unspool.compare.run_result import RunResult
from unspool.compare.shared_data import SharedData
from unspool.errors import Mistake
from unspool.rivals.registry import rivals_of
from unspool.rivals.rival import KnownPairs
from unspool.training.interruption import Interrupted
from unspool.training.progress import Report


class ComparisonScreen(Protocol):
    """Shows a comparison while it runs; a row is known by its system and seed."""

    def begin(self, system: str, seed: int) -> None:
        """A row begins."""
        ...

    def report(self, system: str, seed: int, report: Report) -> None:
        """Its training goes on."""
        ...

    def end(self, result: RunResult) -> None:
        """It has been measured, or it failed."""
        ...


def run_all(comparison: Comparison, data: SharedData, screen: ComparisonScreen) -> list[RunResult]:
    """The results of all rivals and then of all models and seeds."""
    known = KnownPairs.of(data.fields, data.prepared.corpus)
    results = [
        _kept(comparison, "rival", name, 1, screen, partial(run_rival, name, data, known))
        for name in rivals_of(data.task)
    ]
    for seed in range(1, comparison.seeds + 1):
        for model in comparison.models:
            train = partial(run_network, comparison, data, model, seed, partial(screen.report, model, seed))
            results.append(_kept(comparison, "network", model, seed, screen, train))
    return results


def _kept(
    comparison: Comparison, kind: str, system: str, seed: int, screen: ComparisonScreen, run: Callable[[], RunResult]
) -> RunResult:
    """The result of an earlier call if there is one, else of this run. A rival that failed is tried again."""
    path = comparison.out / RESULTS / f"{system}-{seed}.json"
    if path.exists():
        result = RunResult.load(path)
    else:
        screen.begin(system, seed)
        result = _attempt(kind, system, seed, run)
        if result.finished or kind == "network":
            result.save(path)
    screen.end(result)
    return result


def _attempt(kind: str, system: str, seed: int, run: Callable[[], RunResult]) -> RunResult:
    try:
        return run()
    except Interrupted:
        raise
    except Mistake as mistake:
        why = f"{mistake.what} {mistake.remedy}"
    except Exception as error:
        lines = str(error).strip().splitlines() or [""]
        why = f"{type(error).__name__}: {lines[0]}"
    return RunResult.model_validate({"system": system, "seed": seed, "kind": kind, "why": why})
