"""Work for many programs, side by side where the critic is another program that has processors of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from unspool.processors import available
from unspool.repair.language import Critic

Item = TypeVar("Item")
Result = TypeVar("Result")


def side_by_side(critic: Critic, work: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
    """The results of work that mostly waits for the critic, in the order of the items.

    It is given to the threads at once: after an interruption, what has begun is finished and the rest is left.
    """
    threads = available() if critic.runs_a_program else 1
    if threads <= 1:
        yield from map(work, items)
        return
    pool = ThreadPoolExecutor(threads)
    try:
        yield from pool.map(work, items)
    finally:
        pool.shutdown(cancel_futures=True)
