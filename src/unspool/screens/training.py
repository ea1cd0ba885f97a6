"""The progress of training: a bar on a terminal, a page's part in a notebook, otherwise a line from time to time."""

from __future__ import annotations

import time
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING, Protocol

from unspool.screens.console import console, say
from unspool.screens.report import BEST, figures, pace, sample_line

if TYPE_CHECKING:
    from unspool.training.progress import Report

# Without a terminal: the least number of seconds between two lines without a validation.
QUIET_SECONDS = 20.0


class TrainingView(Protocol):
    """A place where training is shown."""

    def say(self, message: str) -> None:
        """Show a message, which stays."""
        ...

    def show(self, report: Report) -> None:
        """Show a report."""
        ...

    def close(self) -> None:
        """Nothing more will come; what moved is removed."""
        ...


class TrainingScreen:
    """Shows the reports of the training loop; use it as a context manager, so that the bar is always removed."""

    def __init__(self) -> None:
        self.view = _view()

    def say(self, message: str) -> None:
        """Show a message, which stays."""
        with suppress(OSError):  # the terminal was closed in the meantime
            self.view.say(message)

    def __enter__(self) -> TrainingScreen:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        with suppress(OSError):
            self.view.close()

    def __call__(self, report: Report) -> None:
        """Show a report; a terminal that was closed in the meantime shows nothing."""
        with suppress(OSError):
            self.view.show(report)


class PlainView:
    """A line at each validation with its samples, and a line from time to time between them."""

    def __init__(self) -> None:
        self.last_line = time.monotonic()

    def say(self, message: str) -> None:
        """See `TrainingView.say`."""
        self.last_line = time.monotonic()
        say(message)

    def show(self, report: Report) -> None:
        """See `TrainingView.show`."""
        if report.validation:
            line = f"{pace(report)}  {figures(report.validation)}{BEST * report.improved}"
            self.say("\n".join([line, *map(sample_line, report.validation.samples)]))
        elif time.monotonic() - self.last_line > QUIET_SECONDS:
            self.say(pace(report))

    def close(self) -> None:
        """Nothing moved."""


def _view() -> TrainingView:
    screen = console()
    if screen.is_jupyter:
        from unspool.screens.notebook import NotebookView

        return NotebookView()
    if screen.is_terminal:
        from unspool.screens.terminal import TerminalView

        return TerminalView(screen)
    return PlainView()
