"""A brake on repetition: no answer holds the same run of n symbols twice.

Paulus, Xiong, Socher 2017, "A deep reinforced model for abstractive summarization", arXiv:1705.04304, section 2.5, with
n = 3. It is a stepper around a stepper, so greedy search, beams and samples keep to it alike.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from unspool.decoding.table import look_up
from unspool.errors import Mistake
from unspool.types import FIRST_EMITTED, Array, Cursor, Question, Sequences, StepAnswer, Stepper


class NoRepeatCursor(NamedTuple):
    """The state of a batch, and what each row has written, `[R, t]`."""

    cursor: Cursor
    written: Array


class NoRepeat:
    """A stepper in which a symbol is impossible if with it the last n symbols would stand in the answer a second time.

    All other log-probabilities are the model's own and are not divided by what is left, so a score is that of the same
    answer without the brake. Where nothing else is possible (a prefix, or a permitted answer, that repeats itself), the
    brake gives way.
    """

    distribution = None

    def __init__(self, stepper: Stepper, size: int) -> None:
        if stepper.distribution is not None:
            raise Mistake("Symbols are kept from repeating, and this model writes real values.", "Leave out no_repeat.")
        self.stepper, self.size = stepper, size

    def open(self, source: Sequences[Array]) -> NoRepeatCursor:
        """Encode a batch and start decoding."""
        return NoRepeatCursor(self.stepper.open(source), np.zeros((len(source.lengths), 0), dtype=np.int64))

    def step(self, cursor: NoRepeatCursor, question: Question) -> tuple[StepAnswer, NoRepeatCursor]:
        """Feed each row's last item."""
        rows, items = _repeating(cursor.written, self.size)
        if not len(rows):
            answer, inner = self.stepper.step(cursor.cursor, question)
            return answer, cursor._replace(cursor=inner)
        answer, inner = self.stepper.step(cursor.cursor, Question(everything=True))
        table = _without(answer.whole, rows, items)
        found = look_up(table, question)._replace(attention=answer.attention, done=answer.done)
        return found, cursor._replace(cursor=inner)

    def select(self, cursor: NoRepeatCursor, memories: Array, rows: Array, items: Array) -> NoRepeatCursor:
        """Keep these memories and rows."""
        inner = self.stepper.select(cursor.cursor, memories, rows, items)
        return NoRepeatCursor(inner, np.concatenate([cursor.written[rows], items[:, None]], axis=1))

    def shared(self) -> tuple[NoRepeat, int]:
        """As many threads as the stepper has."""
        stepper, threads = self.stepper.shared()
        return NoRepeat(stepper, self.size), threads


def _repeating(written: Array, size: int) -> tuple[Array, Array]:
    """Rows, and for each an item that would end a run of `size` items which its row has written before; `[n]` each."""
    if written.shape[1] < size:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    runs = np.lib.stride_tricks.sliding_window_view(written, size, axis=1)
    last = written[:, None, written.shape[1] - size + 1 :]
    rows, places = np.nonzero((runs[..., :-1] == last).all(axis=2))
    return rows, runs[rows, places, -1]


def _without(table: Array, rows: Array, items: Array) -> Array:
    """The table with -inf for some items, except in rows in which nothing would be left."""
    barred, classes = table.copy(), items - FIRST_EMITTED
    known = (classes >= 0) & (classes < table.shape[1])
    barred[rows[known], classes[known]] = -np.inf
    stuck = np.isneginf(barred.max(axis=1))
    barred[stuck] = table[stuck]
    return barred
