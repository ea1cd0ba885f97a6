"""The table of a comparison while it runs: on a terminal it is kept up to date, otherwise lines tell what happens."""

from __future__ import annotations

import time
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any

from unspool.screens.console import console, say
from unspool.screens.report import clock

if TYPE_CHECKING:
    from rich.table import Table

# Without a terminal: the least number of seconds between two lines of one run.
QUIET_SECONDS = 20.0
COLUMNS = ("system", "seed", "state", "time", "symbols/s")


@dataclass
class Row:
    """What is shown of a run or rival."""

    state: str = "waiting"
    seconds: float | None = None
    speed: float = 0.0


class ComparisonTable:
    """Shows the rows; use it as a context manager, so that the last table stays and nothing else does."""

    def __init__(self, metric: str, rows: list[tuple[str, int]]) -> None:
        from rich.live import Live

        self.metric, self.rows = metric, {row: Row() for row in rows}
        screen = console()
        self.live = Live(self._table(), console=screen, auto_refresh=False) if screen.is_terminal else None
        self.last_line = 0.0

    def __enter__(self) -> ComparisonTable:
        if self.live:
            self.live.start(refresh=True)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self.live:
            self.live.stop()

    def begin(self, system: str, seed: int) -> None:
        """A row begins."""
        self.rows[system, seed].state = "reading …"
        self._show(f"{system}, seed {seed}: begins")

    def report(self, system: str, seed: int, report: Any) -> None:
        """Its training goes on; report: a `training.progress.Report`."""
        row = self.rows[system, seed]
        row.seconds, row.speed = report.seconds, report.symbols_per_second
        row.state = f"{report.done:.0%}, loss {report.nll:.3f}"
        if report.validation:
            row.state = f"{report.done:.0%}, {self.metric.replace('_', ' ')} {report.validation.value:.2f}"
        quiet = self.live is None and time.monotonic() - self.last_line < QUIET_SECONDS
        self._show("" if quiet else f"{system}, seed {seed}: {row.state}, {clock(report.seconds)}")

    def end(self, result: Any) -> None:
        """It has been measured, or it failed; result: a `compare.run_result.RunResult`."""
        row = self.rows[result.system, result.seed]
        row.seconds = result.seconds
        if result.why:
            row.state = f"failed: {result.why}"
        else:
            value, low, high = result.figures[self.metric]
            row.state = f"{self.metric.replace('_', ' ')} {value:.2f} ({low:.2f} to {high:.2f})"
        self._show(f"{result.system}, seed {result.seed}: {row.state}, {clock(result.seconds)}")

    def _show(self, line: str) -> None:
        if self.live:
            self.live.update(self._table(), refresh=True)
        elif line:
            self.last_line = time.monotonic()
            say(line)

    def _table(self) -> Table:
        from rich.table import Table
        from rich.text import Text

        table = Table(*COLUMNS)
        for (system, seed), row in self.rows.items():
            spent = "" if row.seconds is None else clock(row.seconds)
            speed = f"{row.speed:,.0f}" if row.speed else ""
            table.add_row(system.replace("_", " "), str(seed), Text(row.state), spent, speed)
        return table
