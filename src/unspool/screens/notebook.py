"""Progress in a notebook: parts of the page that change in place."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from unspool.screens.report import cells, figures, pace
from unspool.visible import as_html

if TYPE_CHECKING:
    from unspool.training.progress import Report, Sample, Validation

# Seconds between two changes of a bar.
BETWEEN = 0.25


class Part:
    """A part of the page that changes in place. IPython is there, since this runs in it."""

    def __init__(self) -> None:
        self.handle: Any = None

    def put(self, html: str) -> None:
        """Show this in place of what it showed."""
        from IPython.display import HTML, display

        if self.handle is None:
            self.handle = display(HTML(html), display_id=True)
        else:
            self.handle.update(HTML(html))


class NotebookView:
    """See `screens.training.TrainingView`."""

    def __init__(self) -> None:
        self.part = Part()
        self.validation: Validation | None = None
        self.best = ""

    def say(self, message: str) -> None:
        """Print a message."""
        print(message, flush=True)

    def show(self, report: Report) -> None:
        """Put this report in the place of the last one."""
        self.validation = report.validation or self.validation
        if report.validation and report.improved:
            self.best = figures(report.validation)
        self.part.put(page(report, self.validation, self.best))

    def close(self) -> None:
        """The last report stays."""


@contextmanager
def counting(total: int | None, what: str) -> Iterator[Callable[[int], None]]:
    """A bar, which is removed at the end; yields the function that advances it."""
    part, done, shown = Part(), 0, 0.0

    def count(more: int) -> None:
        nonlocal done, shown
        done += more
        if time.monotonic() - shown > BETWEEN:
            shown = time.monotonic()
            of = f"{done:,} of {total:,}" if total else f"{done:,}"
            part.put(f"{_bar(done / total if total else 0.0)} <code>{as_html(what)} {of}</code>")

    yield count
    if part.handle is not None:
        part.put("")


def page(report: Report, validation: Validation | None, best: str) -> str:
    """The progress, the last validation and the best one, and the samples, as HTML."""
    parts = [f"{_bar(report.done)} <code>{as_html(pace(report))}</code>"]
    if validation:
        now = figures(validation)
        parts.append(
            f"<br>Last validation: {as_html(now)}" + (f". Best: {as_html(best)}" if best != now else " (best)")
        )
        parts.append(_table(validation.samples))
    return "".join(parts)


def _bar(done: float) -> str:
    return f'<progress value="{done:.4f}" max="1"></progress>'


def _table(samples: tuple[Sample, ...]) -> str:
    head = "<tr><th>held-out source</th><th>answer</th><th></th></tr>"
    rows = map(cells, samples)
    body = [
        "<tr>" + "".join(f'<td style="text-align:left">{as_html(text)}</td>' for text in row) + "</tr>" for row in rows
    ]
    return f"<table>{head}{''.join(body)}</table>" if samples else ""
