"""Only permitted answers: a stepper around a stepper, in which every other continuation is impossible."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from unspool.decoding.automaton import SymbolAutomaton
from unspool.decoding.table import look_up
from unspool.errors import Mistake
from unspool.types import Array, Cursor, Question, Sequences, StepAnswer, Stepper


class ConstraintCursor(NamedTuple):
    """The state of a batch: `states` `[R]` are those of the automaton, after `written` items."""

    cursor: Cursor
    states: Array
    written: int


class AnswerConstraint:
    """A stepper that allows only what leads to a permitted answer of at most `most` items, EOS included.

    A log-probability is the model's own and is not divided by what is permitted: so a score is that of the same answer
    without the constraint, and a target that is not permitted has -inf. Top-k and top-p choose from what is permitted.
    Symbols that a model copies from its source, beyond its vocabulary, are never permitted.
    """

    distribution = None

    def __init__(self, stepper: Stepper, automaton: SymbolAutomaton, most: int) -> None:
        if stepper.distribution is not None:
            raise Mistake("Permitted answers consist of symbols, and this model writes real values.", "Leave them out.")
        self.stepper, self.automaton, self.most = stepper, automaton, most

    def open(self, source: Sequences[Array]) -> ConstraintCursor:
        """Encode a batch and start decoding."""
        return ConstraintCursor(self.stepper.open(source), np.zeros(len(source.lengths), dtype=np.int64), 0)

    def step(self, cursor: ConstraintCursor, question: Question) -> tuple[StepAnswer, ConstraintCursor]:
        """Feed each row's last item."""
        answer, inner = self.stepper.step(cursor.cursor, Question(everything=True))
        table = self.automaton.mask(answer.whole, cursor.states, self.most - cursor.written)
        found = look_up(table, question)._replace(attention=answer.attention, done=answer.done)
        return found, cursor._replace(cursor=inner, written=cursor.written + 1)

    def select(self, cursor: ConstraintCursor, memories: Array, rows: Array, items: Array) -> ConstraintCursor:
        """Keep these memories and rows."""
        inner = self.stepper.select(cursor.cursor, memories, rows, items)
        return ConstraintCursor(inner, self.automaton.advance(cursor.states[rows], items), cursor.written)

    def shared(self) -> tuple[AnswerConstraint, int]:
        """Around the shared stepper; the automaton never changes."""
        stepper, threads = self.stepper.shared()
        return AnswerConstraint(stepper, self.automaton, self.most), threads
