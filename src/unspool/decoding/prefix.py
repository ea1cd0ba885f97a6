"""Answers with given prefixes: in the first steps each source has only one continuation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from unspool.decoding.table import look_up, only
from unspool.errors import Mistake
from unspool.fields.padding import pad
from unspool.types import Array, Cursor, Question, Sequences, StepAnswer, Stepper


class PrefixCursor(NamedTuple):
    """The state of a batch: R = `rows`, each with `written` items; `sources` `[B]` are those that are left."""

    cursor: Cursor
    sources: Array
    rows: int
    written: int


class PrefixConstraint:
    """A stepper that allows only the next symbol of a source's prefix, until the prefix ends.

    Its log-probability is the model's own, so scores include the prefix. `prefixes` are ids `[T]`, one for each source
    of the batch, empty for an answer without a prefix.
    """

    distribution = None

    def __init__(self, stepper: Stepper, prefixes: Sequence[Array]) -> None:
        if stepper.distribution is not None:
            raise Mistake("A prefix consists of symbols, and this model writes real values.", "Leave the prefix out.")
        self.stepper, self.prefixes = stepper, pad(prefixes)

    def open(self, source: Sequences[Array]) -> PrefixCursor:
        """Encode a batch and start decoding."""
        count = len(source.lengths)
        return PrefixCursor(self.stepper.open(source), np.arange(count), count, 0)

    def step(self, cursor: PrefixCursor, question: Question) -> tuple[StepAnswer, PrefixCursor]:
        """Feed each row's last item."""
        forced = self.prefixes.lengths[cursor.sources] > cursor.written
        if forced.any():
            share = cursor.rows // len(cursor.sources)
            items = self.prefixes.values[cursor.sources, cursor.written].repeat(share)
            answer, inner = self._constrained(cursor.cursor, question, items, forced.repeat(share))
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

    def _constrained(
        self, cursor: Cursor, question: Question, items: Array, forced: Array
    ) -> tuple[StepAnswer, Cursor]:
        """The answer if some rows have only one continuation; items, forced: `[R]`."""
        if question.everything or question.log_prob_of is not None:
            answer, cursor = self.stepper.step(cursor, Question(everything=True))
            allowed = look_up(only(answer.whole, items, forced), question)
            return allowed._replace(attention=answer.attention, done=answer.done), cursor
        free = question.top_k if not forced.all() else None
        answer, cursor = self.stepper.step(cursor, Question(free, log_prob_of=items))
        chosen, given = items[:, None], answer.given[:, None]
        if free is not None:
            others, log_probs = answer.best
            beside = np.full((len(items), log_probs.shape[1] - 1), -np.inf)
            chosen = np.where(forced[:, None], chosen, others)
            given = np.where(forced[:, None], np.concatenate([given, beside], axis=1), log_probs)
        return answer._replace(items=chosen, log_probs=given, log_prob=None), cursor
