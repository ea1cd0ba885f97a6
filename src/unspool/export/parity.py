"""Whether exported graphs say what the model says: both are led through the same generation and compared."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np

from unspool.decoding.history import last
from unspool.decoding.sampling import ALL
from unspool.errors import Mistake
from unspool.export.leaves import leaves
from unspool.types import UNK, Array, Choices, Copyable, Document, Form, Sequences, Sizes, Stepper, pad, pad_sources

# What float32 may differ by where sums are added up in another order, in nats.
TOLERANCE = 1e-4
# Beyond this mean difference, in nats, weights have not merely been rounded.
MOST_DRIFT = 0.5

SEED = 1
STEPS = 5
SOURCES = 100
LONGEST_SOURCE, LONGEST_ANSWER = 12, 30
# Of symbols that can be copied, as many kinds that the target vocabulary lacks.
BEYOND = 3
ANY = Form()


class Shape(NamedTuple):
    """A batch to compare on: the sources' lengths, rows for each, and how many continuations are asked for."""

    lengths: tuple[int, ...]
    share: int
    n: int


# Other sizes than those of the tracing: one source and three, one row for each and four, an empty source.
SHAPES = (Shape((1,), 1, 1), Shape((6,), 4, 3), Shape((9, 0, 4), 1, 10_000), Shape((3, 12, 1), 4, 5))


class Pair:
    """Two steppers side by side, the model first."""

    def __init__(self, model: Stepper, exported: Stepper, source: Sequences[Array]) -> None:
        self.steppers = (model, exported)
        self.cursors = [stepper.open(source) for stepper in self.steppers]

    def step(self, *many: int) -> tuple[Choices, Choices]:
        """Both feed their last items; each names as many continuations as it is asked for."""
        stepped = [each.step(*asked) for each, *asked in zip(self.steppers, self.cursors, many, strict=True)]
        self.cursors = [cursor for _, cursor in stepped]
        return stepped[0][0], stepped[1][0]

    def select(self, memories: Array, rows: Array, items: Array) -> None:
        """Both go on with the same rows."""
        pairs = zip(self.steppers, self.cursors, strict=True)
        self.cursors = [stepper.select(cursor, memories, rows, items) for stepper, cursor in pairs]


def check_exact(model: Stepper, exported: Stepper, sizes: Sizes, form: Form = ANY) -> dict[str, Any]:
    """The largest differences over several shapes; one that no rounding explains is a `Mistake`.

    After each step rows change places within their memory, memories with their rows, and other items are fed.
    """
    draw = np.random.default_rng(SEED)
    differences = [_compare(model, exported, shape, sizes, draw, form) for shape in SHAPES]
    log_prob, attention = np.array(differences).max(0)
    if not (log_prob < TOLERANCE and attention < TOLERANCE):  # so that what is not a number is refused
        what = f"The exported graphs differ from the model: by {log_prob:.2g} nats, in attention by {attention:.2g}."
        raise Mistake(what, "Nothing was written. This is our fault; please tell us which model it was.")
    return {"batches": [shape._asdict() for shape in SHAPES], "steps": STEPS,
            "log_prob": float(log_prob), "attention": float(attention)}  # fmt: skip


def _compare(
    model: Stepper, exported: Stepper, shape: Shape, sizes: Sizes, draw: np.random.Generator, form: Form
) -> tuple[float, float]:
    """The largest differences of log-probabilities and of attention."""
    count, found = len(shape.lengths), []
    pair = Pair(model, exported, _sources(shape.lengths, sizes, draw, form))
    rows = np.arange(count).repeat(shape.share)
    for _ in range(STEPS):
        expected, said = pair.step(ALL, shape.n)
        found.append((_choices_differ(expected, said, shape.n), _largest(expected.attention, said.attention)))
        memories = draw.permutation(count)
        pair.select(
            memories,
            rows.reshape(count, -1)[memories].ravel(),
            draw.integers(UNK, sizes.target + BEYOND * form.copies, len(rows)),
        )
        rows = draw.permuted(np.arange(len(rows)).reshape(count, -1), axis=1).ravel()
    log_prob, attention = np.array(found).max(0)
    return float(log_prob), float(attention)


def _choices_differ(expected: Choices, said: Choices, n: int) -> float:
    """By how much the n best are not the best of all, or have not the same log-probability.

    Ties may change places, and what cannot be written (-inf) may be named or not.
    """
    many, width = said.items.shape[1], expected.items.shape[1]
    if not min(n, width) <= many <= n:
        return np.inf
    table = np.full((len(said.items), 1 + max(said.items.max(), expected.items.max())), -np.inf)
    np.put_along_axis(table, expected.items, expected.log_probs, 1)
    best = np.pad(expected.log_probs, ((0, 0), (0, max(0, many - width))), constant_values=-np.inf)[:, :many]
    return _largest((best, np.take_along_axis(table, said.items, 1)), (said.log_probs, said.log_probs))


def _largest(expected: Any, said: Any) -> float:
    """The largest difference of two trees; not a number where there is such a difference."""
    pairs = list(zip(leaves(expected), leaves(said), strict=True))
    with np.errstate(invalid="ignore"):  # both may be -inf
        differences = [np.abs(np.where(one == other, 0, one - other)).max() for one, other in pairs]
    return float(np.max(differences, initial=0))


def measure_agreement(model: Stepper, exported: Stepper, sizes: Sizes, form: Form = ANY) -> dict[str, Any]:
    """How near quantized graphs are to the model on random sources; what has nothing in common is a `Mistake`.

    answers:  share of the sources with the same greedy answer
    choices:  share of the model's own steps at which both find the same item best
    log_prob: mean difference of the log-probability of what the model wrote, in nats
    """
    draw = np.random.default_rng(SEED)
    lengths = draw.integers(1, LONGEST_SOURCE + 1, SOURCES)
    pair = Pair(model, exported, _sources(lengths, sizes, draw, form))
    live, agree, steps = np.arange(SOURCES), np.ones(SOURCES, dtype=bool), []
    for _ in range(LONGEST_ANSWER):
        expected, said = pair.step(1, ALL)
        items = expected.items[:, 0]
        same, drift = said.items[:, 0] == items, expected.log_probs[:, 0] - _log_prob_of(items, said)
        agree[live] &= same
        steps.append(np.stack([same, np.abs(drift)]))
        going = np.flatnonzero(~last(items, expected.done))
        if not len(going):
            break
        live = live[going]
        pair.select(going, going, items[going])
    choices, log_prob = np.concatenate(steps, 1).mean(1)
    if not log_prob < MOST_DRIFT:
        what = f"The quantized model has little in common with the model: it differs by {log_prob:.2g} nats an item."
        raise Mistake(what, "Nothing was written. Export it without --quantize.")
    return {"sources": SOURCES, "answers": float(agree.mean()), "choices": float(choices), "log_prob": float(log_prob)}


def _log_prob_of(items: Array, choices: Choices) -> Array:
    """`[R]`, of one item for each row among all choices."""
    log_probs: Array = choices.log_probs[choices.items == items[:, None]]
    return log_probs


def _sources(lengths: Iterable[int], sizes: Sizes, draw: np.random.Generator, form: Form) -> Sequences[Array]:
    """Random ids or real values of these lengths; a document has sentences of three words, and what is left over."""
    if sizes.features:
        return pad([draw.normal(size=(length, sizes.features)) for length in lengths], np.float32)
    ids = [draw.integers(UNK, sizes.source, length) for length in lengths]
    if form.copies:
        return pad_sources([Copyable(each, _copies(len(each), sizes, draw)) for each in ids])
    if not form.documents:
        return pad(ids)
    return pad_sources([Document(words, _in_threes(len(words))) for words in ids])


def _copies(length: int, sizes: Sizes, draw: np.random.Generator) -> Array:
    """Random ids of the target vocabulary and beyond it, those beyond numbered without gaps."""
    ids = draw.integers(UNK, sizes.target + BEYOND, length)
    new = ids >= sizes.target
    ids[new] = sizes.target + np.unique(ids[new], return_inverse=True)[1]
    return ids


def _in_threes(count: int) -> Array:
    return np.diff(np.array([*range(0, count, 3), count]))
