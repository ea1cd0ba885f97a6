"""Training in a notebook: one part of the page that changes in place."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from unspool.screens.report import figures, pace, verdict

if TYPE_CHECKING:
    from unspool.training.progress import Report, Sample, Validation


class NotebookView:
    """See `screens.training.View`. IPython is there, since this runs in it."""

    def __init__(self) -> None:
        self.handle: Any = None
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
        self._put(page(report, self.validation, self.best))

    def close(self) -> None:
        """The last report stays."""

    def _put(self, html: str) -> None:
        from IPython.display import HTML, display

        if self.handle is None:
            self.handle = display(HTML(html), display_id=True)
        else:
            self.handle.update(HTML(html))


def page(report: Report, validation: Validation | None, best: str) -> str:
    """The progress, the last validation and the best one, and the samples, as HTML."""
    parts = [f'<progress value="{report.done:.4f}" max="1"></progress> <code>{escape(pace(report))}</code>']
    if validation:
        now = figures(validation)
        parts.append(f"<br>Last validation: {escape(now)}" + (f". Best: {escape(best)}" if best != now else " (best)"))
        parts.append(_table(validation.samples))
    return "".join(parts)


def _table(samples: tuple[Sample, ...]) -> str:
    head = "<tr><th>held-out source</th><th>answer</th><th></th></tr>"
    rows = [(one.source, one.answer, verdict(one)) for one in samples]
    body = [
        "<tr>" + "".join(f'<td style="text-align:left">{escape(text)}</td>' for text in row) + "</tr>" for row in rows
    ]
    return f"<table>{head}{''.join(body)}</table>" if samples else ""
