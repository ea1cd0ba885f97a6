"""Primed answers: given items are fed first, as if the model had written them, and then it goes on.

Graves 2013, arXiv:1308.0850, section 5.5: a writer that was fed somebody's ink goes on in that hand.
"""

from __future__ import annotations

import numpy as np

from unspool.types import Array, Cursor, Distribution, Question, Sequences, StepAnswer, Stepper

NOTHING = Question()


class Primed:
    """A stepper whose answers begin after `items` `[T, F]`, the same ones for every source; scores are without them."""

    def __init__(self, stepper: Stepper, items: Array) -> None:
        self.stepper, self.items = stepper, items

    @property
    def distribution(self) -> Distribution | None:
        """See `Stepper`."""
        return self.stepper.distribution

    def open(self, source: Sequences[Array]) -> Cursor:
        """Encode a batch, and feed the items."""
        cursor, rows = self.stepper.open(source), np.arange(len(source.lengths))
        for item in self.items:
            _, cursor = self.stepper.step(cursor, NOTHING)
            cursor = self.select(cursor, rows, rows, item[None].repeat(len(rows), axis=0))
        return cursor

    def step(self, cursor: Cursor, question: Question) -> tuple[StepAnswer, Cursor]:
        """Feed each row's last item."""
        return self.stepper.step(cursor, question)

    def select(self, cursor: Cursor, memories: Array, rows: Array, items: Array) -> Cursor:
        """Keep these memories and rows."""
        return self.stepper.select(cursor, memories, rows, items)

    def shared(self) -> tuple[Primed, int]:
        """As many threads as the stepper has."""
        shared, threads = self.stepper.shared()
        return Primed(shared, self.items), threads
