"""Training on a terminal: a line for each validation, and below them a bar and the latest samples, which change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress import BarColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from unspool.screens.report import cells, pace, validated
from unspool.visible import visible

if TYPE_CHECKING:
    from unspool.training.progress import Report, Sample


class TerminalView:
    """See `screens.training.TrainingView`."""

    def __init__(self, screen: Console) -> None:
        self.console = screen
        self.progress = Progress(BarColumn(), TextColumn("{task.description}"), console=screen)
        self.task = self.progress.add_task("reading the data …", total=None)
        self.samples: Sequence[Sample] = ()
        self.live = Live(console=screen, transient=True, get_renderable=self._below)
        self.live.start()

    def say(self, message: str) -> None:
        """Print a message above the bar."""
        self.console.print(visible(message, lines=True), markup=False)

    def show(self, report: Report) -> None:
        """Move the bar; a validation is printed above it, and its samples replace the last ones."""
        self.progress.update(self.task, total=1.0, completed=report.done, description=pace(report))
        if report.validation:
            self.say(validated(report))
            self.samples = report.validation.samples

    def close(self) -> None:
        """Remove the bar; the latest samples stay."""
        self.live.stop()
        if self.samples:
            self.console.print(sample_table(self.samples, self.console.width))

    def _below(self) -> RenderableType:
        return Group(self.progress.get_renderable(), sample_table(self.samples, self.console.width))


def sample_table(samples: Sequence[Sample], width: int) -> Table:
    """A row for each sample. What is too wide for the terminal is cut; a syllable of Hangul takes two columns."""
    table = Table.grid(padding=(0, 2))
    table.add_column(width=1)
    for _ in range(3):
        table.add_column(no_wrap=True, overflow="ellipsis", max_width=width * 2 // 5)
    for sample in samples:
        table.add_row("", *(Text(visible(cell)) for cell in cells(sample)))
    return table
