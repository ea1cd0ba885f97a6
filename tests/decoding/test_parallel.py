"""Batches in parallel: their order, their threads, and how they end."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest

from unspool.decoding.parallel import map_batches


def test_what_is_found_comes_in_the_order_of_the_batches_whichever_is_done_first(toy: Any) -> None:
    second_is_done = threading.Event()

    def work(stepper: Any, batch: int) -> int:
        if batch == 0:
            assert second_is_done.wait(20), "the two are worked on in turn"
        if batch == 1:
            second_is_done.set()
        return 10 * batch

    assert list(map_batches(toy(threads=2), range(3), work)) == [0, 10, 20]


@pytest.mark.parametrize(("threads", "batches", "apart"), [(1, 5, False), (3, 1, False), (3, 2, True), (2, 5, True)])
def test_batches_have_threads_of_their_own_unless_one_has_them_all(
    toy: Any, threads: int, batches: int, apart: bool
) -> None:
    used = map_batches(toy(threads=threads), range(batches), lambda stepper, batch: threading.current_thread())
    assert all((thread is not threading.main_thread()) == apart for thread in used)


def test_the_first_error_in_order_ends_it_and_nothing_more_is_begun(toy: Any) -> None:
    begun: list[int] = []

    def work(stepper: Any, batch: int) -> None:
        begun.append(batch)
        if batch == 0:
            raise ValueError("no")
        time.sleep(0.01)

    with pytest.raises(ValueError, match="no"):
        list(map_batches(toy(threads=2), range(400), work))
    assert len(begun) < 400


def test_a_stepper_for_threads_is_the_one_that_works(toy: Any) -> None:
    class Plain(type(toy())):  # type: ignore[misc]
        def shared(self) -> tuple[Any, int]:
            return "for threads", 2

    plain = Plain()
    assert list(map_batches(plain, [0, 1], lambda stepper, batch: stepper)) == ["for threads"] * 2
    assert list(map_batches(plain, [0], lambda stepper, batch: stepper)) == [plain]
