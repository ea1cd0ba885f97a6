"""Threads that each do a share of an update, and wait for one another once an update instead of in every operation.

PyTorch divides each operation among its threads. In a small network an operation takes less than a millisecond, so
threads wait for one another thousands of times a second. Beside another busy program every wait can last as long as a
time slice. Here each thread runs whole operations: it trains on its own part of the batch, or updates its own matrices.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

import torch

Item = TypeVar("Item")
Result = TypeVar("Result")


class Team:
    """`size` threads: the one that calls, and others that wait for work."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._others = (
            ThreadPoolExecutor(size - 1, initializer=torch.set_num_threads, initargs=(1,)) if size > 1 else None
        )

    def map(self, work: Callable[[Item], Result], items: Sequence[Item]) -> list[Result]:
        """The results for all items, in their order. The calling thread works on the first one.

        A team of one does one after the other, and its operations use all threads.
        """
        if self._others is None:
            return [work(item) for item in items]
        others = [self._others.submit(work, item) for item in items[1:]]
        with alone():
            results = [work(item) for item in items[:1]]
            return results + [other.result() for other in others]


@contextmanager
def alone() -> Iterator[None]:
    """In this context, operations that this thread calls use no other threads."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
