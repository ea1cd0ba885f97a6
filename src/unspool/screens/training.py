"""The progress of training: a bar with the time left on a terminal, otherwise a line from time to time."""

from __future__ import annotations

import time
from types import TracebackType
from typing import TYPE_CHECKING

from unspool.screens.console import console, say

if TYPE_CHECKING:
    from unspool.training.progress import Report, Validation

# Without a terminal: the least number of seconds between two lines without a validation.
QUIET_SECONDS = 20.0


class TrainingScreen:
    """Shows the reports of the training loop; use it as a context manager, so that the bar is always removed."""

    def __init__(self) -> None:
        self.console = console()
        self.last_line = time.monotonic()
        self.bar = Bar(self.console) if self.console.is_terminal else None

    def __enter__(self) -> TrainingScreen:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self.bar:
            self.bar.progress.stop()

    def __call__(self, report: Report) -> None:
        """Show a report."""
        if self.bar:
            self.bar.show(report)
        if report.validation:
            self._line(f"{_pace(report)}  {_figures(report.validation)}{'  ← best so far' if report.improved else ''}")
        elif not self.bar and time.monotonic() - self.last_line > QUIET_SECONDS:
            self._line(_pace(report))

    def _line(self, text: str) -> None:
        self.last_line = time.monotonic()
        if self.bar:
            self.bar.progress.console.print(text, markup=False)
        else:
            say(text)


class Bar:
    """A rich progress bar with time left, loss and speed."""

    def __init__(self, screen: object) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn

        assert isinstance(screen, Console)
        self.progress = Progress(BarColumn(), TextColumn("{task.description}"), console=screen, transient=True)
        self.task = self.progress.add_task("reading the data …", total=None)
        self.progress.start()

    def show(self, report: Report) -> None:
        """Update the bar."""
        self.progress.update(self.task, total=1.0, completed=report.done, description=_pace(report))


def _pace(report: Report) -> str:
    left = f"{clock(report.seconds_left)} left"
    speed = f"{report.symbols_per_second:,.0f} symbols/s"
    return f"{report.done:4.0%}  epoch {report.epoch + 1}  {left}  loss {report.nll:.3f}  {speed}"


def _figures(validation: Validation) -> str:
    figures = {name: value for name, value in validation.figures.items() if isinstance(value, float)}
    figures.pop("seconds", None)
    return "  ".join(f"{name.replace('_', ' ')} {value:.2f}" for name, value in figures.items())


def clock(seconds: float) -> str:
    """Seconds as 1:02:03 or 2:03; dashes if the time is not known."""
    if seconds == float("inf"):
        return "–:––"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
