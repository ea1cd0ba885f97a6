"""Batches worked on side by side, a thread each, where a stepper allows it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from unspool.types import Stepper

Batch = TypeVar("Batch")
Found = TypeVar("Found")


def side_by_side(
    stepper: Stepper, batches: Sequence[Batch], work: Callable[[Stepper, Batch], Found]
) -> Iterator[Found]:
    """What `work` finds in each batch, in the order of the batches.

    A single batch has all threads to itself. What goes wrong in a batch, or an interruption, ends it all: batches that
    were begun are finished, no other is begun.
    """
    shared, threads = stepper.shared()
    threads = min(threads, len(batches))
    if threads <= 1:
        yield from (work(stepper, batch) for batch in batches)
        return
    with ThreadPoolExecutor(threads) as pool:
        yield from pool.map(partial(work, shared), batches)
