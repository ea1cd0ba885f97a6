"""Ctrl-C and kill: finish the update, save, and say how to resume. A second Ctrl-C stops at once."""

from __future__ import annotations

import signal
import threading
from types import FrameType, TracebackType


class Interrupted(Exception):
    """Training was asked to stop and has saved a checkpoint after the named update."""

    def __init__(self, update: int) -> None:
        super().__init__(f"stopped after update {update}")
        self.update = update


class Interruption:
    """While entered, SIGINT and SIGTERM only set `asked`; the handlers from before are restored afterwards."""

    def __init__(self) -> None:
        self.asked = False

    def __enter__(self) -> Interruption:
        # Only the main thread may set handlers; in another thread, its owner decides.
        signals = (signal.SIGINT, signal.SIGTERM) if threading.current_thread() is threading.main_thread() else ()
        self._before = {number: signal.signal(number, self._ask) for number in signals}
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._restore()

    def _ask(self, number: int, frame: FrameType | None) -> None:
        self.asked = True
        self._restore()

    def _restore(self) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
