"""The metrics of an evaluation with their outcomes, and as JSON for `evaluate --json`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from unspool.errors import Mistake, nearest
from unspool.metrics.accuracy import ACCURACY
from unspool.metrics.bits_per_character import BITS_PER_CHARACTER
from unspool.metrics.bleu import BLEU
from unspool.metrics.chrf import CHRF
from unspool.metrics.crps import CRPS
from unspool.metrics.evaluation import Evaluation
from unspool.metrics.exact_match import EXACT_MATCH
from unspool.metrics.interval_coverage import COVERAGE
from unspool.metrics.interval_width import WIDTH
from unspool.metrics.macro_f1 import MACRO_F1
from unspool.metrics.mae import MAE
from unspool.metrics.mase import MASE
from unspool.metrics.metric import Metric
from unspool.metrics.nll import NLL, NLL_PER_SEQUENCE
from unspool.metrics.owa import OWA
from unspool.metrics.rmse import RMSE
from unspool.metrics.significance import RESAMPLES, SEED, interval
from unspool.metrics.smape import SMAPE
from unspool.metrics.symbol_error_rate import SYMBOL_ERROR_RATE
from unspool.metrics.ter import TER
from unspool.types import Array

METRICS: dict[str, Metric] = {
    metric.name: metric
    for metric in (
        EXACT_MATCH, SYMBOL_ERROR_RATE, BLEU, CHRF, TER, ACCURACY, MACRO_F1, BITS_PER_CHARACTER, NLL, RMSE, MAE,
        NLL_PER_SEQUENCE, MASE, SMAPE, OWA, CRPS, COVERAGE, WIDTH,
    )
}  # fmt: skip
# The metric of running text, which has likelihoods but no answers.
BITS = BITS_PER_CHARACTER.name


class Estimate(NamedTuple):
    """A figure, its 95 % interval or None, and its signature if it has one."""

    value: float
    interval: tuple[float, float] | None
    signature: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Figures:
    """The result of an evaluation.

    count:     the number of examples or characters, see `Evaluation.count`
    estimates: by the metric's name
    outcomes:  `[N, C]` by the metric's name, for tests between systems and for figures of some of the examples
    details:   the metrics' details
    """

    count: int
    estimates: dict[str, Estimate]
    outcomes: dict[str, Array]
    details: dict[str, Any]

    def to_json(self) -> dict[str, Any]:
        """Flat: `n`, each figure with its interval as `_low` and `_high`, and `signature` if there is one.

        Then the details, such as `confusion`: the `labels`, and `counts` by right label, then by predicted label.
        """
        flat: dict[str, Any] = {"n": self.count}
        for name, estimate in self.estimates.items():
            flat[name] = round(estimate.value, 4)
            if estimate.interval is not None:
                flat[f"{name}_low"], flat[f"{name}_high"] = (round(end, 4) for end in estimate.interval)
        if signatures := [estimate.signature for estimate in self.estimates.values() if estimate.signature]:
            flat["signature"] = "; ".join(signatures)
        return flat | self.details


def evaluate(
    evaluation: Evaluation, metrics: Sequence[str], *, resamples: int = RESAMPLES, seed: int = SEED
) -> Figures:
    """Some of `METRICS`. A metric that is unknown, or cannot be computed from this evaluation, is a `Mistake`.

    resamples: bootstrap samples for the intervals; 0: no intervals and no details, which is faster
    """
    chosen = [_find(name, evaluation) for name in dict.fromkeys(metrics)]
    outcomes = {metric.name: metric.outcomes(evaluation) for metric in chosen}
    estimates: dict[str, Estimate] = {}
    details: dict[str, Any] = {}
    for metric in chosen:
        rows = outcomes[metric.name]
        ends = interval(metric, rows, resamples=resamples, seed=seed) if resamples else None
        estimates[metric.name] = Estimate(metric.value(rows), ends, metric.signature(evaluation))
        details |= metric.details(evaluation) if resamples else {}
    return Figures(evaluation.count, estimates, outcomes, details)


def better(metric: str) -> int:
    """1 if a higher figure is better, -1 if a lower one is."""
    return _known(metric, METRICS).direction


def _find(name: str, evaluation: Evaluation) -> Metric:
    return _known(name, {known: metric for known, metric in METRICS.items() if evaluation.has(metric.needs)})


def _known(name: str, metrics: dict[str, Metric]) -> Metric:
    if name not in metrics:
        raise Mistake(f"There is no metric '{name}'.", nearest(name, metrics))
    return metrics[name]
