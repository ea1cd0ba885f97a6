"""One model with one seed: trained within its time, or resumed, then measured on the test."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from unspool import folder as disk
from unspool import runs
from unspool.compare.budget import Budget
from unspool.compare.comparison import RUNS, Comparison
from unspool.compare.run_result import RunResult, measured
from unspool.compare.shared_data import SharedData
from unspool.config.values import merged
from unspool.loading import load_predictor
from unspool.metrics.report import METRICS
from unspool.predictor import Predictor
from unspool.training.progress import Progress, Report

# Single answers are timed for this share of the time of the run, at most this many of them.
TIMED_SHARE, TIMED = 0.01, 20


def run_network(
    comparison: Comparison, data: SharedData, model: str, seed: int, on_report: Callable[[Report], None]
) -> RunResult:
    """Train or resume, and measure. Raises `Interrupted` with everything saved if the process is to end."""
    folder = comparison.out / RUNS / f"{model}-{seed}"
    budget = Budget(comparison.minutes, len(data.test) / data.validated)
    speeds: list[float] = []

    def report(news: Report) -> None:
        speeds.append(news.symbols_per_second)
        on_report(news)

    progress = _train(folder, comparison, data, model, seed, budget, report)
    trained = time.monotonic()
    predictor = load_predictor([folder], comparison.config_of(model).device)
    answers, log_probs = answer_all(predictor, data)
    figures = data.measure(answers, log_probs)
    milliseconds = _time_answers(predictor, data, TIMED_SHARE * budget.seconds)
    return RunResult(
        system=model,
        seed=seed,
        **measured(figures, answers),
        parameters=count_parameters(predictor),
        symbols_per_second=median(speeds) if speeds else 0.0,
        milliseconds=milliseconds,
        seconds=budget.spent(progress.seconds, time.monotonic() - trained),
        trained_seconds=progress.seconds,
        updates=progress.update,
        curve=read_curve(folder / disk.METRICS, data.metrics[0]),
    )


def _train(
    folder: Path, comparison: Comparison, data: SharedData, model: str, seed: int, budget: Budget,
    on_report: Callable[[Report], None],
) -> Progress:  # fmt: skip
    """Begin the run, or resume it from its last checkpoint with the time that is left."""

    def quiet(message: str) -> None:
        """Every run would say the same about the data."""

    if disk.holds_a_run(folder):
        return runs.resume(
            folder, {}, comparison.files, on_report=on_report, on_message=quiet, reserve=budget.reserve
        ).progress
    values = merged(comparison.values_of(model, seed), training_values(comparison, data))
    return runs.begin(
        comparison.files, folder, values, overwrite=True, on_report=on_report, on_message=quiet, reserve=budget.reserve
    ).progress


def training_values(comparison: Comparison, data: SharedData) -> dict[str, Any]:
    """The settings that a comparison decides, in the section `training`; the user's other ones stay."""
    given = comparison.values.get("training", {})
    decided = {"max_minutes": comparison.minutes, "validate_most": data.validated}
    return {"training": {"checkpoint_minutes": min(1.0, comparison.minutes / 4)} | given | decided}


def answer_all(predictor: Predictor, data: SharedData) -> tuple[list[Any], list[float] | None]:
    """The answers to the test, or for running text its log-likelihoods."""
    if METRICS[data.metrics[0]].needs == "log_likelihoods":
        scores = predictor.score([(example.source, example.references[0]) for example in data.test])
        return [], [score.log_prob for score in scores]
    predictions = predictor.predict([example.source for example in data.test])
    return [one.text if one.values is None else one.values for one in predictions], None


def count_parameters(predictor: Predictor) -> int:
    """The number of trained parameters."""
    model: Any = predictor.stepper.model  # type: ignore[attr-defined]
    return sum(parameter.numel() for parameter in model.parameters())


def _time_answers(predictor: Predictor, data: SharedData, most: float) -> float:
    """Milliseconds of an answer to one source alone; 0 for running text."""
    if METRICS[data.metrics[0]].needs == "log_likelihoods":
        return 0.0
    begun, times = time.perf_counter(), []
    for example in data.test[:TIMED]:
        before = time.perf_counter()
        predictor.predict([example.source])
        times.append(time.perf_counter() - before)
        if time.perf_counter() - begun > most:
            break
    return 1000 * median(times)


def read_curve(path: Path, metric: str) -> list[tuple[float, float]]:
    """Seconds of training, and the metric of each validation that has it, from metrics.jsonl."""
    curve: list[tuple[float, float]] = []
    seconds: dict[int, float] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            entry = json.loads(line)
        except ValueError:
            continue  # a log that was cut costs a point of a picture
        if entry.get("kind") == "train":
            seconds[entry["update"]] = entry["seconds"]
        elif metric in entry and entry["update"] in seconds:
            curve.append((seconds[entry["update"]], float(entry[metric])))
    return curve
