"""How graphs are opened."""

from __future__ import annotations

import pytest

from unspool.runtime.session import options


def test_threads_are_those_asked_for_or_those_of_the_environment_or_the_runtimes_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    assert options(2).intra_op_num_threads == 2
    assert options(None).intra_op_num_threads == 3
    monkeypatch.delenv("OMP_NUM_THREADS")
    assert options(None).intra_op_num_threads == 0


def test_threads_sleep_while_they_wait() -> None:
    assert options(None).get_session_config_entry("session.intra_op.allow_spinning") == "0"
