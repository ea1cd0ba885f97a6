"""Ctrl-C, kill and a closed terminal: finish the update, save, and show how to resume.

However many of these signals come, and however fast, training saves first. Only a second Ctrl-C, a while after the
first signal, stops at once.
"""

from __future__ import annotations

import signal
import threading
import time
from types import FrameType, TracebackType

STOPPING = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT")
# A pipe whose reader is gone (`| tee log` and Ctrl-C) must not end a training.
HARMLESS = ("SIGPIPE",)
# Two signals within this time are one wish: terminals and parents pass on what the process gets anyway.
ONE_WISH = 1.0


class Interrupted(Exception):
    """Training was interrupted and has saved a checkpoint after this update; 0: it had not begun."""

    def __init__(self, update: int) -> None:
        super().__init__(f"stopped after update {update}")
        self.update = update

    @property
    def what(self) -> str:
        """A sentence for people."""
        if not self.update:
            return "Interrupted before the first update; nothing has changed."
        return f"Interrupted; everything up to update {self.update:,} is saved."


class Interruption:
    """In this context, signals set `asked`; the previous handlers are restored afterwards.

    Until `saves` is called there is nothing to save, and a signal raises `Interrupted` at once. Signals that the
    process was told to ignore, as with nohup, stay ignored.
    """

    def __init__(self) -> None:
        self.asked = False
        self._saves, self._first = False, 0.0
        self._before: dict[signal.Signals, object] = {}

    def saves(self) -> None:
        """From now on, signals only set `asked`."""
        self._saves = True

    def __enter__(self) -> Interruption:
        # Only the main thread may set handlers; in other threads they stay as they are.
        if threading.current_thread() is threading.main_thread():
            for name in (*STOPPING, *HARMLESS):
                number = getattr(signal, name, None)
                if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
                    self._before[number] = signal.signal(number, signal.SIG_IGN if name in HARMLESS else self._ask)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)  # type: ignore[arg-type]

    def _ask(self, number: int, frame: FrameType | None) -> None:
        again = self.asked and time.monotonic() - self._first > ONE_WISH
        if number == signal.SIGINT and again:
            raise KeyboardInterrupt
        if not self.asked:
            self.asked, self._first = True, time.monotonic()
        if not self._saves:
            raise Interrupted(0)
