"""Checks that exported graphs and the model give the same results in the same generation."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from unspool.decoding.history import is_last
from unspool.decoding.table import log_prob_of
from unspool.errors import Mistake
from unspool.export.trees import flatten
from unspool.fields.examples import example_items, example_source
from unspool.types import Array, Dimensions, Distribution, Question, Sequences, StepAnswer, Stepper

# The largest difference that float32 sums in another order may cause, in nats.
TOLERANCE = 1e-4
# A larger mean difference, in nats, cannot come from rounded weights alone.
MOST_DRIFT = 0.5

SEED = 1
STEPS = 5
SOURCES = 100
LONGEST_SOURCE, LONGEST_ANSWER = 12, 30


class Shape(NamedTuple):
    """A batch for comparison: lengths of the sources, rows for each source, and the number of best continuations."""

    lengths: tuple[int, ...]
    share: int
    n: int


# Other sizes than in tracing: one and three sources, one and four rows for each, an empty source.
SHAPES = (Shape((1,), 1, 1), Shape((6,), 4, 3), Shape((9, 0, 4), 1, 10_000), Shape((3, 12, 1), 4, 5))


class StepperPair:
    """Two steppers with the same inputs; the model is the first."""

    def __init__(self, model: Stepper, exported: Stepper, source: Sequences[Array]) -> None:
        self.steppers = (model, exported)
        self.cursors = [stepper.open(source) for stepper in self.steppers]

    def step(self, question: Question) -> tuple[StepAnswer, StepAnswer]:
        """One step of both."""
        stepped = [each.step(cursor, question) for each, cursor in zip(self.steppers, self.cursors, strict=True)]
        self.cursors = [cursor for _, cursor in stepped]
        return stepped[0][0], stepped[1][0]

    def select(self, memories: Array, rows: Array, items: Array) -> None:
        """Both continue with the same rows."""
        pairs = zip(self.steppers, self.cursors, strict=True)
        self.cursors = [stepper.select(cursor, memories, rows, items) for stepper, cursor in pairs]


def check_exact(model: Stepper, exported: Stepper, dimensions: Dimensions) -> dict[str, Any]:
    """The largest differences over several shapes; a difference that is too large for rounding is a `Mistake`.

    After each step, rows are permuted within their memory, memories are permuted with their rows, and random items are
    fed.
    """
    draw = np.random.default_rng(SEED)
    differences = [_compare(model, exported, shape, dimensions, draw) for shape in SHAPES]
    log_prob, attention = np.array(differences).max(0)
    if not (log_prob < TOLERANCE and attention < TOLERANCE):  # so that NaN is refused
        what = f"The exported graphs differ from the model: by {log_prob:.2g} nats, in attention by {attention:.2g}."
        raise Mistake(what, "Nothing was written. This is a bug in unspool; please report the model.")
    return {"batches": [shape._asdict() for shape in SHAPES], "steps": STEPS,
            "log_prob": float(log_prob), "attention": float(attention)}  # fmt: skip


def _compare(
    model: Stepper, exported: Stepper, shape: Shape, dimensions: Dimensions, draw: np.random.Generator
) -> tuple[float, float]:
    """The largest differences of log-probabilities (or of a density's parameters) and of attention."""
    count, found = len(shape.lengths), []
    pair = StepperPair(model, exported, example_source(dimensions, shape.lengths, draw))
    stepped, rows = count, np.arange(count).repeat(shape.share)
    top_k = shape.n if model.distribution is None else None
    for _ in range(STEPS):
        given, items = (example_items(dimensions, size, draw) for size in (stepped, len(rows)))
        expected, answer = pair.step(Question(top_k, given, everything=True))
        found.append((_difference(expected, answer), _largest(expected.attention, answer.attention)))
        memories = draw.permutation(count)
        pair.select(memories, rows.reshape(count, -1)[memories].ravel(), items)
        stepped, rows = len(rows), draw.permuted(np.arange(len(rows)).reshape(count, -1), axis=1).ravel()
    log_prob, attention = np.array(found).max(0)
    return float(log_prob), float(attention)


def _difference(expected: StepAnswer, answer: StepAnswer) -> float:
    """The largest difference of two answers."""
    if expected.whole.shape != answer.whole.shape:
        return np.inf
    wholes = _largest(expected.whole, answer.whole)
    if expected.items is None:  # a log-density may be hundreds of nats, so the relative difference is used
        size = np.maximum(1.0, np.abs(expected.given))
        return float(np.max([wholes, _largest(expected.given / size, answer.given / size)]))
    return float(np.max([wholes, _largest(expected.given, answer.given), _best_differ(expected, answer)]))


def _best_differ(expected: StepAnswer, answer: StepAnswer) -> float:
    """The largest difference of the log-probabilities of the n best; items with equal values may be exchanged."""
    (_, best), (items, log_probs) = expected.best, answer.best
    if items.shape != best.shape or log_probs.shape != best.shape:
        return np.inf
    return _largest((best, log_prob_of(expected.whole, items)), (log_probs, log_probs))


def _largest(expected: Any, answer: Any) -> float:
    """The largest difference of two trees; NaN if a difference is NaN."""
    pairs = list(zip(flatten(expected), flatten(answer), strict=True))
    with np.errstate(invalid="ignore"):  # both may be -inf
        differences = [np.abs(np.where(one == other, 0, one - other)).max() for one, other in pairs]
    return float(np.max(differences, initial=0))


def measure_agreement(model: Stepper, exported: Stepper, dimensions: Dimensions) -> dict[str, Any]:
    """Agreement of quantized graphs with the model on random sources; graphs that differ too much are a `Mistake`.

    answers:  share of the sources with the same greedy answer
    choices:  share of the steps in the model's answers at which both have the same best item
    log_prob: mean difference of the log-probabilities of the model's answers, in nats
    For real values, the model's answer is its mode, and there is only `log_prob`.
    """
    draw = np.random.default_rng(SEED)
    lengths = draw.integers(1, LONGEST_SOURCE + 1, SOURCES)
    pair = StepperPair(model, exported, example_source(dimensions, lengths, draw))
    found = _agreement(pair) if model.distribution is None else {"log_prob": _drift(pair, model.distribution)}
    if not found["log_prob"] < MOST_DRIFT:
        what = f"The quantized model differs too much from the model: by {found['log_prob']:.2g} nats"
        raise Mistake(f"{what} for each item.", "Nothing was written. Export it without --quantize.")
    return {"sources": SOURCES, **found}


def _agreement(pair: StepperPair) -> dict[str, float]:
    live, agree, steps = np.arange(SOURCES), np.ones(SOURCES, dtype=bool), []
    for _ in range(LONGEST_ANSWER):
        expected, answer = pair.step(Question(top_k=1, everything=True))
        (items, log_probs), (others, _) = expected.best, answer.best
        items = items[:, 0]
        same, drift = others[:, 0] == items, log_probs[:, 0] - log_prob_of(answer.whole, items)
        agree[live] &= same
        steps.append(np.stack([same, np.abs(drift)]))
        going = np.flatnonzero(~is_last(items, expected.done))
        if not len(going):
            break
        live = live[going]
        pair.select(going, going, items[going])
    choices, log_prob = np.concatenate(steps, 1).mean(1)
    return {"answers": float(agree.mean()), "choices": float(choices), "log_prob": float(log_prob)}


def _drift(pair: StepperPair, distribution: Distribution) -> float:
    """The mean difference of the log-densities of the model's modes."""
    drifts, going = [], np.arange(SOURCES)
    for _ in range(LONGEST_ANSWER):
        expected, answer = pair.step(Question(everything=True))
        values = distribution.mode(expected.whole).astype(np.float32)
        drifts.append(distribution.log_prob(expected.whole, values) - distribution.log_prob(answer.whole, values))
        pair.select(going, going, values)
    return float(np.abs(drifts).mean())
