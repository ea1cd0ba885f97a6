"""Whatever signals come, and however fast, training saves."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator

import pytest

from unspool.training import interruption
from unspool.training.interruption import Interrupted, Interruption

SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT]


@pytest.fixture(autouse=True)
def none_is_ignored() -> Iterator[None]:
    """What the tests were started with must not decide: `nohup` and shells' background jobs ignore some signals."""
    before = {number: signal.signal(number, signal.default_int_handler) for number in SIGNALS}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("first", SIGNALS, ids=lambda number: number.name)
@pytest.mark.parametrize("second", SIGNALS, ids=lambda number: number.name)
def test_two_quick_signals_only_ask(first: signal.Signals, second: signal.Signals) -> None:
    before = [signal.getsignal(number) for number in SIGNALS]
    with Interruption() as asked:
        asked.saves()
        assert not asked.asked
        os.kill(os.getpid(), first)
        os.kill(os.getpid(), second)
        time.sleep(0)
        assert asked.asked
    assert [signal.getsignal(number) for number in SIGNALS] == before


def test_only_ctrl_c_a_while_later_stops_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interruption, "ONE_WISH", 0.0)
    with Interruption() as asked:
        asked.saves()
        for number in SIGNALS:
            os.kill(os.getpid(), number)
        for number in SIGNALS[1:]:
            os.kill(os.getpid(), number)
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(0)


@pytest.mark.parametrize("number", SIGNALS, ids=lambda number: number.name)
def test_before_there_is_anything_to_save_it_stops_at_once(number: signal.Signals) -> None:
    with Interruption(), pytest.raises(Interrupted) as stopped:
        os.kill(os.getpid(), number)
        time.sleep(0)
    assert stopped.value.update == 0 and "nothing has changed" in stopped.value.what


def test_what_the_process_ignores_stays_ignored_and_a_broken_pipe_is_harmless() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with Interruption() as asked:
            os.kill(os.getpid(), signal.SIGHUP)
            os.kill(os.getpid(), signal.SIGPIPE)
            assert not asked.asked
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)
