"""A request's sources on their way through a batcher, and what comes back from its thread."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, NamedTuple, TypeAlias

from unspool.answers.answer import Prediction
from unspool.answers.traces import Trace
from unspool.config import DecodingConfig
from unspool.decoding.attention_edits import AttentionEdit
from unspool.fields.field import Decoded


class AnswerReady(NamedTuple):
    """The answer to the source at this place of the request."""

    place: int
    prediction: Prediction


class AnswerGrown(NamedTuple):
    """The answer so far to the source at this place, which has grown by a symbol."""

    place: int
    answer: Decoded


class TraceReady(NamedTuple):
    """The search of the one source, as it went."""

    trace: Trace


class ForecastReady(NamedTuple):
    """The forecasts of a table's series, as JSON, and what should be known about how it was read."""

    forecasts: list[dict[str, Any]]
    notes: list[str]


class JobFailed(NamedTuple):
    """The request cannot be answered; nothing comes after this."""

    error: Exception


Event: TypeAlias = AnswerReady | AnswerGrown | TraceReady | ForecastReady | JobFailed


class Tracing(NamedTuple):
    """That a job wants a trace of one source instead of answers; prefix, edits: as in `Predictor.trace`."""

    prefix: str | tuple[int, ...] = ""
    edits: tuple[AttentionEdit, ...] = ()


class Forecasting(NamedTuple):
    """That a job wants forecasts: so many steps, None for those of training; most: the series that it may have."""

    horizon: int | None
    most: int


class Inbox:
    """Events from another thread, for the event loop that made it."""

    def __init__(self) -> None:
        self._loop, self._events = asyncio.get_running_loop(), asyncio.Queue[Event]()

    def put(self, event: Event) -> None:
        """From any thread. After the loop has ended, nobody reads any more."""
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._events.put_nowait, event)

    async def get(self) -> Event:
        """The next one."""
        return await self._events.get()


class Job:
    """The sources of one request, answered in any batches, each source in one.

    deadline: in seconds of `time.monotonic`; afterwards no answer is wanted
    attention: whether the weights are wanted
    lexicon:  whether the model's lexicon goes before it; what is explained is the model
    grows:    whether each symbol is told, for greedy search or one sample
    tracing:  what is traced; None: answers are wanted
    forecasting: how its one source, a table of series, is forecast
    waiting:  the places of the sources that no batch has taken yet
    key:      jobs with the same key can be answered together
    """

    def __init__(
        self,
        sources: Sequence[Any],
        settings: DecodingConfig,
        inbox: Inbox,
        *,
        deadline: float,
        prefixes: Sequence[str] = (),
        allow: tuple[str, ...] | None = None,
        at_least: float | None = None,
        attention: bool = False,
        lexicon: bool = True,
        grows: bool = False,
        tracing: Tracing | None = None,
        forecasting: Forecasting | None = None,
    ) -> None:
        self.sources, self.settings, self.grows, self.tracing = sources, settings, grows, tracing
        self.forecasting = forecasting
        self.allow, self.at_least, self.attention, self.lexicon = allow, at_least, attention, lexicon
        self.prefixes = prefixes if any(prefixes) else ()
        self.key = (settings, allow, at_least, lexicon, bool(self.prefixes), tracing, forecasting)
        self.waiting = deque(range(len(sources)))
        self.arrived, self.deadline = time.monotonic(), deadline
        self._inbox, self._given_up = inbox, False

    @property
    def wanted(self) -> bool:
        """Whether somebody still waits for its answers."""
        return not self._given_up and time.monotonic() < self.deadline

    @property
    def remaining(self) -> float:
        """The seconds until its deadline, at least 0."""
        return max(0.0, self.deadline - time.monotonic())

    def give_up(self) -> None:
        """Nobody waits any longer."""
        self._given_up = True

    def put(self, event: Event) -> None:
        """From the batcher's thread."""
        if isinstance(event, JobFailed):
            self._given_up = True
        self._inbox.put(event)


class Piece(NamedTuple):
    """One source of a job."""

    job: Job
    place: int
