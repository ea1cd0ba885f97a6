"""One thread that answers the sources of many requests together.

A batch is filled with one source of each waiting job in turn, so that a request of a thousand sources does not keep
others waiting. It begins when `max_batch` sources wait, or when the oldest has waited for `batch_wait`. While a batch
is answered the next ones gather, so a busy server never waits on purpose.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence

from unspool.serve.failures import Failure
from unspool.serve.job import Job, JobFailed, Piece

# How fast the estimate of the speed follows the last batch.
FOLLOWS = 0.2
LONGEST_RETRY = 60


class Batcher:
    """A bounded queue and its thread.

    answer: answers the pieces of a batch, all with the same key, and tells their jobs; it raises nothing
    """

    def __init__(
        self, answer: Callable[[Sequence[Piece]], None], name: str, *, max_batch: int, batch_wait: float, max_queue: int
    ) -> None:
        self._answer, self._most, self._wait, self._places = answer, max_batch, batch_wait, max_queue
        self._name, self._jobs = f"unspool {name}", deque[Job]()
        self._sources, self._rate, self._closed = 0, 0.0, True
        self._ready, self._thread = threading.Condition(), threading.Thread()

    def count(self) -> int:
        """The number of sources that wait."""
        return self._sources

    def start(self) -> None:
        """Begin to answer, also again after an end."""
        if not self.alive:
            self._closed = False
            self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
            self._thread.start()

    @property
    def alive(self) -> bool:
        """Whether it answers."""
        return self._thread.is_alive() and not self._closed

    def submit(self, job: Job) -> None:
        """Queue a job; a full queue is a `Failure` that says when to come again."""
        with self._ready:
            if self._closed:
                raise Failure(503, "The server is shutting down.", "Ask again in a moment.", retry_after=1)
            if self._sources + len(job.sources) > self._places:
                self._drop_unwanted()
            if self._sources + len(job.sources) > self._places:
                what = f"The server is busy: {self._sources:,} sources wait already."
                raise Failure(503, what, "Ask again later, or less at once.", retry_after=self._until_free())
            idle, self._sources = not self._jobs, self._sources + len(job.sources)
            self._jobs.append(job)
            if idle or self._sources >= self._most:
                self._ready.notify()

    def close(self) -> None:
        """Answer what waits, and end."""
        with self._ready:
            self._closed = True
            self._ready.notify()

    def join(self, seconds: float) -> None:
        """Wait for the end, at most for so long."""
        if self._thread.ident is not None:
            self._thread.join(seconds)

    def _until_free(self) -> int:
        """The seconds, rounded up, in which the queue is answered at the present speed."""
        return min(LONGEST_RETRY, 1 + int(self._sources / self._rate)) if self._rate else 1

    def _run(self) -> None:
        while batch := self._take():
            begun = time.perf_counter()
            try:
                self._answer(batch)
            except Exception as error:  # a batcher that ends would leave every later request without an answer
                for piece in batch:
                    piece.job.put(JobFailed(error))
            speed = len(batch) / max(time.perf_counter() - begun, 1e-6)
            self._rate += (speed - self._rate) * (FOLLOWS if self._rate else 1)

    def _take(self) -> list[Piece]:
        """The next batch; empty at the end."""
        with self._ready:
            while True:
                while not self._jobs and not self._closed:
                    self._ready.wait()
                self._gather()
                self._drop_unwanted()
                if self._jobs:
                    return self._fill()
                if self._closed:
                    return []

    def _gather(self) -> None:
        """Wait until a batch is full, or the oldest job has waited long enough."""
        while self._jobs and self._sources < self._most and not self._closed:
            left = self._jobs[0].arrived + self._wait - time.monotonic()
            if left <= 0:
                return
            self._ready.wait(left)

    def _drop_unwanted(self) -> None:
        if not all(job.wanted for job in self._jobs):
            self._jobs = deque(job for job in self._jobs if job.wanted)
            self._sources = sum(len(job.waiting) for job in self._jobs)

    def _fill(self) -> list[Piece]:
        """One source of each job with the key of the oldest, in turn; what is left of them goes behind all others."""
        key, batch = self._jobs[0].key, list[Piece]()
        turn = deque(job for job in self._jobs if job.key == key)
        others = [job for job in self._jobs if job.key != key]
        while turn and len(batch) < self._most:
            job = turn.popleft()
            batch.append(Piece(job, job.waiting.popleft()))
            if job.waiting:
                turn.append(job)
        self._sources -= len(batch)
        self._jobs = deque([*others, *turn])
        return batch
