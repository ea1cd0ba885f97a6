"""Batches in parallel, one thread for each, if the stepper allows it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from unspool.types import Stepper

Batch = TypeVar("Batch")
Result = TypeVar("Result")


def map_batches(
    stepper: Stepper, batches: Sequence[Batch], work: Callable[[Stepper, Batch], Result]
) -> Iterator[Result]:
    """The results of `work` for each batch, in the order of the batches.

    A single batch uses all threads. After an error in a batch, or an interruption, no more batches are started; those
    that have started are finished.
    """
    shared, threads = stepper.shared()
    threads = min(threads, len(batches))
    if threads <= 1:
        yield from (work(stepper, batch) for batch in batches)
        return
    with ThreadPoolExecutor(threads) as pool:
        yield from pool.map(partial(work, shared), batches)
