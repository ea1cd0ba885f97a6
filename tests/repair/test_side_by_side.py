"""Checks by another program run side by side, and give what they give one after the other."""

from __future__ import annotations

import threading
from itertools import count

import pytest

from unspool.repair import side_by_side as module
from unspool.repair.examples import symbols_of
from unspool.repair.programs import Program
from unspool.repair.python_code import PYTHON
from unspool.repair.python_critic import PythonCritic
from unspool.repair.side_by_side import side_by_side
from unspool.repair.tables import broken_programs

TEXTS = [f"def f{n}(a, b):\n    if a > {n}:\n        return [a, b]\n    print(a)\n    return b\n" for n in range(12)]


class Elsewhere(PythonCritic):
    """One that says it is another program; two checks must meet."""

    runs_a_program = True


@pytest.fixture
def two_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "available", lambda: 2)


def test_another_programs_checks_run_at_the_same_time_and_stay_in_order(two_processors: None) -> None:
    both = threading.Barrier(2, timeout=20)

    def meet(number: int) -> int:
        both.wait()
        return number

    assert list(side_by_side(Elsewhere(), meet, range(8))) == list(range(8))
    threads = set(side_by_side(PythonCritic(), lambda number: threading.current_thread(), range(8)))
    assert threads == {threading.current_thread()}


def test_programs_are_broken_alike_by_one_thread_and_by_two(
    two_processors: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    symbols, programs = symbols_of(TEXTS, PYTHON), [Program(str(n), text) for n, text in enumerate(TEXTS)]
    alone = list(broken_programs(programs, 3, symbols, 1, lambda done: None))
    monkeypatch.setattr(PythonCritic, "runs_a_program", True)
    assert list(broken_programs(programs, 3, symbols, 1, lambda done: None)) == alone and len(alone) == 36
    assert list(broken_programs(programs, 3, symbols, 2, lambda done: None)) != alone


def test_who_stops_early_leaves_the_rest(two_processors: None) -> None:
    begun = count()

    def work(number: int) -> int:
        next(begun)
        return number

    results = side_by_side(Elsewhere(), work, range(100_000))
    assert next(results) == 0
    results.close()  # type: ignore[attr-defined]
    assert next(begun) < 100_000
