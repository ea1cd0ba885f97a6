"""Answers with given prefixes: in the first steps each source has only one continuation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from unspool.decoding.table import look_up, only
from unspool.errors import Mistake
from unspool.fields.padding import pad
from unspool.types import FIRST_EMITTED, Array, Cursor, Question, Sequences, StepAnswer, Stepper

NOTHING: Array = np.zeros(0, dtype=np.int64)


class PrefixCursor(NamedTuple):
    """The state of a batch: R = `rows`, each with `written` items; `sources` `[B]` are those that are left."""

    cursor: Cursor
    sources: Array
    rows: int
    written: int


class PrefixConstraint:
    """A stepper that allows only the next symbol of a source's prefix, until the prefix ends.

    Its log-probability is the model's own, so scores include the prefix.

    prefixes: ids `[T]`, one for each source of the batch, empty for an answer without a prefix
    barred:   the symbols that must not follow each prefix, because with them its text would end otherwise
    """

    distribution = None

    def __init__(self, stepper: Stepper, prefixes: Sequence[Array], barred: Sequence[Array] | None = None) -> None:
        if stepper.distribution is not None:
            raise Mistake("A prefix consists of symbols, and this model writes real values.", "Leave the prefix out.")
        self.stepper, self.prefixes = stepper, pad(prefixes)
        self.barred = barred or [NOTHING] * len(prefixes)

    def open(self, source: Sequences[Array]) -> PrefixCursor:
        """Encode a batch and start decoding."""
        count = len(source.lengths)
        return PrefixCursor(self.stepper.open(source), np.arange(count), count, 0)

    def step(self, cursor: PrefixCursor, question: Question) -> tuple[StepAnswer, PrefixCursor]:
        """Feed each row's last item."""
        share = cursor.rows // max(1, len(cursor.sources))
        forced = (self.prefixes.lengths[cursor.sources] > cursor.written).repeat(share)
        barred = [ids for ids in self._barred(cursor) for _ in range(share)]
        items = np.zeros(cursor.rows, dtype=np.int64)
        if forced.any():
            items = self.prefixes.values[cursor.sources, cursor.written].repeat(share)
        if any(map(len, barred)) or (forced.any() and (question.everything or question.log_prob_of is not None)):
            answer, inner = self._masked(cursor.cursor, question, items, forced, barred)
        elif forced.any():
            answer, inner = self._constrained(cursor.cursor, question, items, forced)
        else:
            answer, inner = self.stepper.step(cursor.cursor, question)
        return answer, cursor._replace(cursor=inner, written=cursor.written + 1)

    def select(self, cursor: PrefixCursor, memories: Array, rows: Array, items: Array) -> PrefixCursor:
        """Keep these memories and rows."""
        inner = self.stepper.select(cursor.cursor, memories, rows, items)
        return PrefixCursor(inner, cursor.sources[memories], len(rows), cursor.written)

    def shared(self) -> tuple[PrefixConstraint, int]:
        """Itself and 1, because it belongs to one batch."""
        return self, 1

    def _barred(self, cursor: PrefixCursor) -> list[Array]:
        """For each source, the symbols that are barred from this step."""
        ended = self.prefixes.lengths[cursor.sources] == cursor.written
        return [self.barred[source] if now else NOTHING for source, now in zip(cursor.sources, ended, strict=True)]

    def _masked(
        self, cursor: Cursor, question: Question, items: Array, forced: Array, barred: Sequence[Array]
    ) -> tuple[StepAnswer, Cursor]:
        """The answer from the whole distribution, in which what is not allowed is impossible; all lists: `[R]`."""
        answer, cursor = self.stepper.step(cursor, Question(everything=True))
        table = only(answer.whole, items, forced)
        for row, ids in zip(table, barred, strict=True):
            row[ids - FIRST_EMITTED] = -np.inf
        return look_up(table, question)._replace(attention=answer.attention, done=answer.done), cursor

    def _constrained(
        self, cursor: Cursor, question: Question, items: Array, forced: Array
    ) -> tuple[StepAnswer, Cursor]:
        """The best continuations if some rows have only one; items, forced: `[R]`."""
        free = question.top_k if not forced.all() else None
        answer, cursor = self.stepper.step(cursor, Question(free, log_prob_of=items))
        chosen, given = items[:, None], answer.given[:, None]
        if free is not None:
            others, log_probs = answer.best
            beside = np.full((len(items), log_probs.shape[1] - 1), -np.inf)
            chosen = np.where(forced[:, None], chosen, others)
            given = np.where(forced[:, None], np.concatenate([given, beside], axis=1), log_probs)
        return answer._replace(items=chosen, log_probs=given, log_prob=None), cursor
