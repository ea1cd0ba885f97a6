"""A search that is watched: each symbol is told as soon as it is written, and nobody waits for what is not wanted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from unspool.types import Array, Cursor, Distribution, Question, Sequences, StepAnswer, Stepper


class Watch(NamedTuple):
    """What somebody wants of a search, by the numbers of its sources; called from the thread that searches.

    wants: whether the answer to a source is still wanted, asked before each step; a search of what nobody wants ends
    wrote: called with each item that an answer grows by, EOS excepted; only if a source has one answer, without a beam
    """

    wants: Callable[[int], bool]
    wrote: Callable[[int, Any], object] | None = None


class WatchedCursor(NamedTuple):
    """The state of a batch: R = `rows`; `sources` `[B]` are those that are left."""

    cursor: Cursor
    sources: Array
    rows: int


class Watched:
    """A stepper that says `done` for the rows of a source that is no longer wanted, so any search drops them.

    The answers to other sources do not change. sources: the number of each source of the batch
    """

    def __init__(self, stepper: Stepper, watch: Watch, sources: Sequence[int]) -> None:
        self.stepper, self.watch, self.sources = stepper, watch, np.array(sources, dtype=np.int64)

    @property
    def distribution(self) -> Distribution | None:
        """See `Stepper`."""
        return self.stepper.distribution

    def open(self, source: Sequences[Array]) -> WatchedCursor:
        """Encode a batch and start decoding."""
        return WatchedCursor(self.stepper.open(source), self.sources, len(self.sources))

    def step(self, cursor: WatchedCursor, question: Question) -> tuple[StepAnswer, WatchedCursor]:
        """Feed each row's last item."""
        answer, inner = self.stepper.step(cursor.cursor, question)
        sources = cursor.sources.tolist()  # several samples of a source repeat it
        wanted = {source: self.watch.wants(source) for source in dict.fromkeys(sources)}
        if not all(wanted.values()):
            dropped = ~np.array([wanted[source] for source in sources])
            dropped = dropped.repeat(cursor.rows // len(sources))
            answer = answer._replace(done=dropped if answer.done is None else answer.done | dropped)
        return answer, cursor._replace(cursor=inner)

    def select(self, cursor: WatchedCursor, memories: Array, rows: Array, items: Array) -> WatchedCursor:
        """Keep these memories and rows, and tell what they write."""
        sources = cursor.sources[memories]
        if self.watch.wrote is not None:
            for source, item in zip(sources, items, strict=True):
                self.watch.wrote(int(source), item)
        return WatchedCursor(self.stepper.select(cursor.cursor, memories, rows, items), sources, len(rows))

    def shared(self) -> tuple[Watched, int]:
        """Itself and 1, because it belongs to one batch."""
        return self, 1
