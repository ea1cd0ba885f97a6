"""The event loop's side of a job: what comes back, within its time, as a whole or event by event."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any, TypeVar

from unspool.answers.answer import Prediction
from unspool.answers.traces import Trace
from unspool.serve.failures import Failure, client_gone, failure_of
from unspool.serve.job import AnswerGrown, AnswerReady, Event, ForecastReady, Inbox, Job, JobFailed, TraceReady
from unspool.serve.rendering import answers_json, event

Found = TypeVar("Found")


class Waiting:
    """Somebody who waits for a job. What goes wrong or takes too long is a `Failure`.

    private: a path that no client is told
    """

    def __init__(self, job: Job, inbox: Inbox, private: str) -> None:
        self.job, self._inbox, self._private = job, inbox, private

    async def answers(self, gone: Callable[[], Coroutine[Any, Any, None]]) -> list[Prediction]:
        """The answers to all sources. gone: ends when nobody waits for them any longer, which is a failure, too"""
        return await self._unless(gone, self._answers)

    async def trace(self, gone: Callable[[], Coroutine[Any, Any, None]]) -> Trace:
        """The trace of the one source. gone: as for `answers`"""
        return await self._unless(gone, self._trace)

    async def forecasts(self, gone: Callable[[], Coroutine[Any, Any, None]]) -> ForecastReady:
        """The forecasts of the one table. gone: as for `answers`"""
        return await self._unless(gone, self._forecasts)

    async def _unless(
        self, gone: Callable[[], Coroutine[Any, Any, None]], found: Callable[[], Coroutine[Any, Any, Found]]
    ) -> Found:
        """What is found, unless the client is gone before."""

        def left(leaving: asyncio.Task[None]) -> None:
            if not leaving.cancelled():
                self._inbox.put(JobFailed(client_gone()))

        leaving = asyncio.create_task(gone())
        leaving.add_done_callback(left)
        try:
            return await found()
        finally:
            self.job.give_up()
            leaving.cancel()

    async def begun(self, *, attention: bool) -> AsyncIterator[bytes]:
        """Server-sent events, once there is a first one: an error before it is raised, a later one is an event."""
        try:
            first = await self._next()
        except BaseException:
            self.job.give_up()
            raise
        return self._events(first, attention=attention)

    async def _answers(self) -> list[Prediction]:
        found: dict[int, Prediction] = {}
        while len(found) < len(self.job.sources):
            came = await self._next()
            if isinstance(came, AnswerReady):
                found[came.place] = came.prediction
        return [found[place] for place in range(len(self.job.sources))]

    async def _trace(self) -> Trace:
        while not isinstance(came := await self._next(), TraceReady):
            pass
        return came.trace

    async def _forecasts(self) -> ForecastReady:
        while not isinstance(came := await self._next(), ForecastReady):
            pass
        return came

    async def _events(self, came: Event, *, attention: bool) -> AsyncIterator[bytes]:
        left = len(self.job.sources)
        try:
            while True:
                if isinstance(came, AnswerReady):
                    left -= 1
                    answers = answers_json(came.prediction, attention=attention)
                    yield event("prediction", {"index": came.place} | answers)
                elif isinstance(came, AnswerGrown):
                    yield event("symbol", _symbol(came))
                if not left:
                    break
                came = await self._next()
            yield event("done", {"predictions": len(self.job.sources)})
        except Failure as failure:
            yield event("error", failure.to_json())
        finally:
            self.job.give_up()

    async def _next(self) -> Event:
        try:
            async with asyncio.timeout(self.job.remaining):
                came = await self._inbox.get()
        except TimeoutError:
            seconds = self.job.deadline - self.job.arrived
            remedy = "Send fewer or shorter sources, or a narrower beam; or the server needs a longer --timeout."
            raise Failure(504, f"There was no answer in {seconds:.3g} seconds.", remedy, retry_after=1) from None
        if isinstance(came, JobFailed):
            raise failure_of(came.error, self._private) from came.error
        return came


def _symbol(grown: AnswerGrown) -> dict[str, Any]:
    """An answer that has grown: its newest token, and its text so far, in which earlier characters may have changed."""
    answer = grown.answer
    values = {} if answer.values is None else {"values": answer.values[-1].astype(float).tolist()}
    return {"index": grown.place, "token": answer.tokens[-1] if answer.tokens else "", "text": answer.text, **values}
