"""From an answer's log-probability to its probability of being right: how good several maps are on held-out halves."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from unspool import load
from unspool.answers.confidence import calibrate
from unspool.answers.logistic import fit_logistic, share
from unspool.data.inputs import Files
from unspool.metrics.reliability import calibration_error, reliability
from unspool.types import Array

SPLITS, LEAST = 10, 1e-6

# Log-probabilities and symbols of answers, `[N]`.
Answers = tuple[Array, Array]
# From answers and whether they are right to confidences of other answers.
Map = Callable[[Answers, Array, Answers], Array]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path, help="a trained folder")
    parser.add_argument("data", type=Path, help="examples that it was not trained on")
    parser.add_argument("--beam", type=int, default=1)
    given = parser.parse_args()
    model = load(given.model)
    examples = model.examples(Files((given.data,))).examples
    answers = model.measure(examples, beam=given.beam, resamples=0).answers
    known = [(one.score, one.symbols, one.right) for one in answers if one.right is not None]
    scores, symbols, right = (np.array(column) for column in zip(*known, strict=True))
    print(f"{len(right):,} answers, {100 * right.mean():.1f} % right; the mean of {SPLITS} splits in halves")
    print("| map | nats | calibration error | at least 0.9 | right of these |\n|---|---:|---:|---:|---:|")
    for name, fitted in MAPS.items():
        found = [one_split(fitted, scores, symbols, right, seed) for seed in range(SPLITS)]
        nats, error, sure, hits = np.mean(found, axis=0)
        print(
            f"| {name} | {nats:.3f} | {error:.1f} % | {sure:.0f} % | {1e4 * hits / max(sure, LEAST):.1f} % |",
            flush=True,
        )


def one_split(fitted: Map, scores: Array, symbols: Array, right: Array, seed: int) -> tuple[float, ...]:
    """Nats, calibration error in %, the share of sure answers in %, and the share that is sure and right."""
    order = np.random.default_rng(seed).permutation(len(right))
    one, other = order[: len(order) // 2], order[len(order) // 2 :]
    found = fitted((scores[one], symbols[one]), right[one], (scores[other], symbols[other]))
    found, hits = np.clip(found, 1e-9, 1 - 1e-9), right[other]
    nats, sure = -np.log(np.where(hits, found, 1 - found)).mean(), found >= 0.9
    error = calibration_error(reliability(found, hits))
    return float(nats), error, 100 * float(sure.mean()), float((hits & sure).mean())


def logistic(features: Callable[[Array, Array], list[Array]], preferred: list[float]) -> Map:
    """Logistic regression of some features of log p and of the number of symbols."""

    def fitted(known: Answers, right: Array, other: Answers) -> Array:
        one, two = (np.stack(features(np.minimum(scores, -LEAST), symbols), 1) for scores, symbols in (known, other))
        return share(two @ fit_logistic(one, right, np.array(preferred)))

    return fitted


def ours(known: Answers, right: Array, other: Answers) -> Array:
    found = calibrate(*known, right)
    assert found is not None, "too few answers"
    return found.of(*other)


def against(scores: Array) -> Any:
    """-log(1 - p)."""
    return -np.log(-np.expm1(scores))


MAPS: dict[str, Map] = {
    "the model's probability as it is": lambda known, right, other: np.exp(other[0]),
    "a temperature of its logit": logistic(lambda s, n: [s + against(s)], [1]),
    "logistic in the mean of a symbol": logistic(lambda s, n: [s / n, np.ones(len(s))], [1, 0]),
    "logistic in log p": logistic(lambda s, n: [s, np.ones(len(s))], [1, 0]),
    "beta calibration": logistic(lambda s, n: [s, against(s), np.ones(len(s))], [1, 1, 0]),
    "beta calibration and the length": logistic(lambda s, n: [s, against(s), np.ones(len(s)), n], [1, 1, 0, 0]),
    "beta calibration after the cost of sure symbols": ours,
}

if __name__ == "__main__":
    main()
