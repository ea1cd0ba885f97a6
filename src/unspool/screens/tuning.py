"""The progress of a search: a bar for the trial and one for all of them on a terminal, otherwise two lines a trial."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING

from unspool.screens.console import console, say
from unspool.visible import visible

if TYPE_CHECKING:
    from unspool.training.progress import Report
    from unspool.tune.study import Best, Trial


class TuningScreen:
    """Use it as a context manager, so that the bars are always removed."""

    def __init__(self, trials: int) -> None:
        from rich.progress import BarColumn, Progress, TextColumn

        screen = console()
        self.bars = Progress(BarColumn(), TextColumn("{task.description}"), console=screen, transient=True)
        self.terminal = screen.is_terminal
        self.whole = self.bars.add_task("", total=trials)
        self.one = self.bars.add_task("", total=1.0)

    def __enter__(self) -> TuningScreen:
        if self.terminal:
            self.bars.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self.terminal:
            self.bars.stop()

    def begin(self, trial: Trial, of: int) -> None:
        """A trial begins."""
        self.bars.update(self.whole, completed=trial.number, description=f"trial {trial.number + 1} of {of}")
        self.bars.update(self.one, completed=0.0, description="reading the data …")
        self._line(f"Trial {trial.number + 1} of {of}: {settings(trial.params)}")

    def report(self, report: Report) -> None:
        """A report of its training."""
        found = report.validation
        figure = f"  {found.metric.replace('_', ' ')} {found.value:.2f}" if found else ""
        if found or self.terminal:
            description = f"{report.done:4.0%}  loss {report.nll:.3f}{figure}"
            self.bars.update(self.one, completed=report.done, description=description)

    def end(self, trial: Trial, what: str, best: Best | None) -> None:
        """It has ended."""
        leading = f"; best so far {best.figure:.2f}, trial {best.number + 1}" if best else ""
        self._line(f"  {what}{leading}")

    def _line(self, text: str) -> None:
        if self.terminal:
            self.bars.console.print(visible(text, lines=True), markup=False)
        else:
            say(text)


def settings(params: dict[str, int | float | str | bool]) -> str:
    """Settings of a trial in a line.

    >>> settings({"model.size": 256, "training.learning_rate": 0.00123456, "model.input_feeding": True})
    'size 256, learning rate 0.00123, input feeding true'
    """
    return ", ".join(f"{key.partition('.')[2].replace('_', ' ')} {_short(value)}" for key, value in params.items())


def _short(value: int | float | str | bool) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:.3g}" if isinstance(value, float) else str(value)
