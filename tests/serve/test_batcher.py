"""How sources of many requests become batches."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Sequence
from typing import Any

import pytest

from unspool.config import DecodingConfig
from unspool.serve.batcher import Batcher
from unspool.serve.failures import Failure
from unspool.serve.job import Inbox, Job, JobFailed, Piece

GREEDY, BEAM = DecodingConfig(), DecodingConfig(beam=2)


class Recorder:
    """Answers nothing, and keeps the batches; it waits before each one until it may go on."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.go, self.begun = threading.Event(), threading.Event()
        self.go.set()

    def __call__(self, batch: Sequence[Piece]) -> None:
        self.begun.set()
        self.go.wait(20)
        self.batches.append([piece.job.sources[piece.place] for piece in batch])


def job(sources: str, settings: DecodingConfig = GREEDY, seconds: float = 100, inbox: Any = None) -> Job:
    return Job(list(sources), settings, inbox, deadline=time.monotonic() + seconds)


def finished(batcher: Batcher) -> None:
    batcher.close()
    batcher.join(20)
    assert not batcher.alive


def started(answer: Any, **options: Any) -> Batcher:
    batcher = Batcher(answer, "test", **{"max_batch": 4, "batch_wait": 0.0, "max_queue": 100} | options)
    batcher.start()
    return batcher


def busy(recorder: Recorder, **options: Any) -> Batcher:
    """A batcher whose first batch is being answered, so that what follows gathers."""
    batcher = started(recorder, **options)
    recorder.go.clear()
    batcher.submit(job("-"))
    assert recorder.begun.wait(20)
    return batcher


def test_a_batch_takes_from_each_request_in_turn() -> None:
    recorder = Recorder()
    batcher = busy(recorder)
    for sources in ("abcdef", "12", "x"):
        batcher.submit(job(sources))
    recorder.go.set()
    finished(batcher)
    assert recorder.batches == [["-"], ["a", "1", "x", "b"], ["2", "c", "d", "e"], ["f"]]


def test_other_settings_wait_for_a_batch_of_their_own() -> None:
    recorder = Recorder()
    batcher = busy(recorder)
    for sources, settings in (("abcdef", GREEDY), ("12", BEAM), ("xy", GREEDY)):
        batcher.submit(job(sources, settings))
    recorder.go.set()
    finished(batcher)
    assert recorder.batches[1:] == [["a", "x", "b", "y"], ["1", "2"], ["c", "d", "e", "f"]]


def test_a_lone_source_waits_as_long_as_it_is_said_and_a_full_batch_does_not() -> None:
    recorder = Recorder()
    batcher = started(recorder, max_batch=3, batch_wait=5)
    begun = time.monotonic()
    batcher.submit(job("a"))
    batcher.submit(job("bc"))
    assert recorder.begun.wait(20) and time.monotonic() - begun < 4
    finished(batcher)
    assert recorder.batches == [["a", "b", "c"]]
    short = Recorder()
    batcher = started(short, max_batch=3, batch_wait=0.05)
    begun = time.monotonic()
    batcher.submit(job("a"))
    assert short.begun.wait(20) and time.monotonic() - begun >= 0.05
    finished(batcher)


def test_what_is_given_up_or_too_late_is_never_begun() -> None:
    recorder = Recorder()
    batcher = busy(recorder)
    left, late, wanted = job("a"), job("b", seconds=0), job("c")
    for each in (left, late, wanted):
        batcher.submit(each)
    left.give_up()
    recorder.go.set()
    finished(batcher)
    assert recorder.batches == [["-"], ["c"]]


def test_a_full_queue_is_a_failure_and_makes_room_for_what_is_wanted() -> None:
    recorder = Recorder()
    batcher = busy(recorder, max_queue=4)
    dropped = job("abc")
    batcher.submit(dropped)
    with pytest.raises(Failure) as full:
        batcher.submit(job("de"))
    assert full.value.status == 503 and full.value.retry_after and batcher.count() == 3
    dropped.give_up()
    batcher.submit(job("de"))
    recorder.go.set()
    finished(batcher)
    assert recorder.batches == [["-"], ["d", "e"]]
    with pytest.raises(Failure):
        batcher.submit(job("a"))


def test_an_error_of_the_answering_itself_reaches_every_request_and_the_thread_lives_on() -> None:
    async def ask() -> None:
        def broken(batch: Sequence[Piece]) -> None:
            raise RuntimeError("broken")

        batcher = started(broken)
        for _ in range(2):
            inbox = Inbox()
            batcher.submit(job("a", inbox=inbox))
            event = await asyncio.wait_for(inbox.get(), 20)
            assert isinstance(event, JobFailed) and str(event.error) == "broken"
        batcher.close()

    asyncio.run(ask())
