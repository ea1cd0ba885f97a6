"""A made-up stepper whose probabilities stand in tables, so that a search in JavaScript can be given the same one."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from unspool.decoding.table import look_up
from unspool.types import Array, Question, Sequences, StepAnswer, Stepper


class MadeUpCursor(NamedTuple):
    """The last item of each row, `[R]`, and the number of steps so far."""

    last: Array
    step: int


class MadeUpStepper:
    """What follows depends on the last item and on whether the number of steps is even.

    log_probs: `[2, items, C]`; attention: `[2, items, S]`, or none; done: items after which the model itself ends
    """

    distribution = None

    def __init__(self, log_probs: Array, attention: Array | None, done: list[int]) -> None:
        self.log_probs, self.attention, self.done = log_probs, attention, done

    def open(self, source: Sequences[Array]) -> MadeUpCursor:
        return MadeUpCursor(np.zeros(len(source.lengths), dtype=np.int64), 0)

    def step(self, cursor: MadeUpCursor, question: Question) -> tuple[StepAnswer, MadeUpCursor]:
        at = cursor.step % 2, cursor.last
        attention = None if self.attention is None else self.attention[at]
        done = np.isin(cursor.last, self.done) if self.done else None
        found = look_up(self.log_probs[at], question)._replace(attention=attention, done=done)
        return found, cursor._replace(step=cursor.step + 1)

    def select(self, cursor: MadeUpCursor, memories: Array, rows: Array, items: Array) -> MadeUpCursor:
        return cursor._replace(last=items)

    def shared(self) -> tuple[Stepper, int]:
        return self, 1

    def to_json(self) -> dict[str, Any]:
        """For the same stepper in JavaScript; null stands for an impossible continuation."""
        possible = [
            [[number if np.isfinite(number) else None for number in row] for row in rows]
            for rows in self.log_probs.astype(float).tolist()
        ]
        attention = None if self.attention is None else self.attention.astype(float).tolist()
        return {"log_probs": possible, "attention": attention, "done": self.done}


def made_up(seed: int, *, classes: int = 5, source: int = 3, ties: bool = False, impossible: float = 0.0,
            ending: bool = False, attending: bool = True) -> MadeUpStepper:  # fmt: skip
    """Random tables in float32. ties: log-probabilities are multiples of a quarter"""
    draw = np.random.default_rng(seed)
    logits = 2 * draw.normal(size=(2, classes + 2, classes))
    log_probs = logits - np.logaddexp.reduce(logits, axis=-1, keepdims=True)
    if ties:
        log_probs = np.round(4 * log_probs) / 4
    log_probs[draw.random(log_probs.shape) < impossible] = -np.inf
    weights = draw.dirichlet(np.ones(source), size=(2, classes + 2)) if attending else None
    done = [classes + 1] if ending else []
    return MadeUpStepper(log_probs.astype(np.float32), None if weights is None else weights.astype(np.float32), done)
