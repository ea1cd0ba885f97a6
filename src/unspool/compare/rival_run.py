"""One rival: fitted on the training pairs, and measured on the test like a network."""

from __future__ import annotations

import time
from typing import Any

from unspool.compare.run_result import RunResult, measured
from unspool.compare.shared_data import SharedData
from unspool.rivals.registry import fit
from unspool.rivals.rival import KnownPairs, Rival


def run_rival(name: str, data: SharedData, known: KnownPairs) -> RunResult:
    """Fit, answer, measure."""
    begun = time.monotonic()
    rival = fit(name, known)
    fitted = time.monotonic()
    answers, log_probs = _answer_all(rival, data)
    answered = time.monotonic()
    figures = data.measure(answers, log_probs)
    return RunResult(
        system=name,
        kind="rival",
        **measured(figures, answers),
        parameters=rival.parameters,
        milliseconds=0.0 if log_probs is not None else 1000 * (answered - fitted) / len(data.test),
        seconds=time.monotonic() - begun,
        trained_seconds=fitted - begun,
    )


def _answer_all(rival: Rival, data: SharedData) -> tuple[list[Any], list[float] | None]:
    if rival.log_prob is not None:
        return [], [rival.log_prob(example.source, example.references[0]) for example in data.test]
    assert rival.answer is not None
    return [rival.answer(example.source) for example in data.test], None
