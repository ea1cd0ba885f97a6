"""How graphs are opened."""

from __future__ import annotations

from pathlib import Path

import pytest

from unspool.processors import available
from unspool.runtime import session
from unspool.runtime.session import options


class Session:
    def get_inputs(self) -> list[object]:
        return []

    get_outputs = get_overridable_initializers = get_inputs

    def run(self, outputs: object, feed: object) -> list[object]:
        return [self]


def test_threads_are_those_asked_for_or_those_of_the_environment_or_the_runtimes_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    assert options(2).intra_op_num_threads == 2
    assert options(None).intra_op_num_threads == 3
    monkeypatch.delenv("OMP_NUM_THREADS")
    assert options(None).intra_op_num_threads == 0


@pytest.mark.parametrize(("said", "threads"), [("4,2", 4), (" 3 ", 3), ("", 0), ("two", 0), ("-1", 0)])
def test_threads_of_the_environment_are_read_as_openmp_reads_them(
    monkeypatch: pytest.MonkeyPatch, said: str, threads: int
) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", said)
    assert options(None).intra_op_num_threads == threads


def test_memory_is_not_planned_for_shapes_that_do_not_come_again() -> None:
    assert not options(None).enable_mem_pattern


def test_threads_sleep_while_they_wait() -> None:
    assert options(None).get_session_config_entry("session.intra_op.allow_spinning") == "0"


def test_one_that_nobody_limits_may_use_every_processor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    monkeypatch.setattr(session, "open_session", lambda path, threads, hashed: Session())
    assert session.Graph(tmp_path).threads == available() >= 1
    assert session.Graph(tmp_path, threads=3).threads == 3


def test_a_graph_runs_on_one_thread_or_on_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[int | None] = []

    def open_one(path: Path, threads: int | None, hashed: str | None) -> Session:
        opened.append(threads)
        return Session()

    monkeypatch.setattr(session, "open_session", open_one)
    graph = session.Graph(tmp_path, threads=2)
    first, again = graph.run([], {}, alone=True), graph.run([], {}, alone=True)
    assert first == again and opened == [1]
    assert graph.run([], {}, alone=False) != first and opened == [1, 2]
