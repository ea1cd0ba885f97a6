"""Ctrl-C and kill: finish the update, save, and show how to resume. A second Ctrl-C stops at once."""

from __future__ import annotations

import signal
import threading
from types import FrameType, TracebackType


class Interrupted(Exception):
    """Training was interrupted and has saved a checkpoint after this update."""

    def __init__(self, update: int) -> None:
        super().__init__(f"stopped after update {update}")
        self.update = update


class Interruption:
    """In this context, SIGINT and SIGTERM only set `asked`; the previous handlers are restored afterwards."""

    def __init__(self) -> None:
        self.asked = False

    def __enter__(self) -> Interruption:
        # Only the main thread may set handlers; in other threads they stay as they are.
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
