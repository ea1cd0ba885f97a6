"""Answers that begin as they are told to: in its first steps each source has one continuation only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from unspool.decoding.likelihood import log_prob_of
from unspool.decoding.sampling import ALL
from unspool.types import Array, Choices, Cursor, Sequences, Stepper, pad


class ForcedCursor(NamedTuple):
    """Where a batch stands, and how many items its rows have `written`; `sources` `[B]` are those that are left."""

    cursor: Cursor
    sources: Array
    written: int


class Forced:
    """A stepper that leaves no choice as long as the given beginning of a source's answer lasts.

    The item's log-probability is the model's own, so scores include the beginning. `prefixes` are ids `[T]`, one for
    each source of the batch, empty where its answer is free.
    """

    def __init__(self, stepper: Stepper, prefixes: Sequence[Array]) -> None:
        self.stepper, self.prefixes = stepper, pad(prefixes)

    def open(self, source: Sequences[Array]) -> ForcedCursor:
        """Encode a batch and start it."""
        return ForcedCursor(self.stepper.open(source), np.arange(len(source.lengths)), 0)

    def step(self, cursor: ForcedCursor, n: int) -> tuple[Choices, ForcedCursor]:
        """Feed each row's last item."""
        forced = self.prefixes.lengths[cursor.sources] > cursor.written
        choices, inner = self.stepper.step(cursor.cursor, ALL if forced.any() else n)
        if forced.any():
            share = len(choices.items) // len(forced)
            items = self.prefixes.values[cursor.sources, cursor.written].repeat(share)
            choices = only(choices, items, forced.repeat(share), n)
        return choices, ForcedCursor(inner, cursor.sources, cursor.written + 1)

    def select(self, cursor: ForcedCursor, memories: Array, rows: Array, items: Array) -> ForcedCursor:
        """Keep these memories and rows."""
        inner = self.stepper.select(cursor.cursor, memories, rows, items)
        return cursor._replace(cursor=inner, sources=cursor.sources[memories])

    def shared(self) -> tuple[Forced, int]:
        """Itself and 1: it belongs to one batch."""
        return self, 1


def only(choices: Choices, items: Array, forced: Array, n: int) -> Choices:
    """The n best of all choices; of the rows that are `forced`, `[R]`, one item alone and nothing beside it."""
    alone = np.full_like(choices.log_probs[:, :n], -np.inf)
    alone[:, 0] = log_prob_of(items, choices)
    return choices._replace(
        items=np.where(forced[:, None], items[:, None], choices.items[:, :n]),
        log_probs=np.where(forced[:, None], alone, choices.log_probs[:, :n]),
    )
