"""A note if the minutes given are too few to see the data twice: most models need more."""

from __future__ import annotations

from collections.abc import Callable

from unspool.training.progress import Report

FEW = 2.0
# Before this many seconds the rate is not known, because kernels are compiled first.
MEASURED = 5.0
REMEDY = "Give more minutes (--max-minutes), or take a smaller model."


class FewPasses:
    """Passes reports on, and tells at the start and at the end if training makes less than `FEW` passes.

    limited: whether minutes limit the run; otherwise nothing is said
    """

    def __init__(self, limited: bool, on_report: Callable[[Report], None], on_message: Callable[[str], None]) -> None:
        self.limited, self.on_report, self.on_message = limited, on_report, on_message
        self.expected: float | None = None

    def __call__(self, report: Report) -> None:
        """One report."""
        self.on_report(report)
        if self.limited and self.expected is None and report.seconds >= MEASURED and report.done < 1:
            self.expected = report.passes
            if self.expected < FEW:
                made = f"At this speed, the minutes given allow about {self.expected:.1f} passes over the data."
                self.on_message(f"{made} {REMEDY}")

    def end(self, passes: float) -> None:
        """The passes that were made."""
        if self.limited and passes < FEW:
            self.on_message(f"The minutes given were enough for {passes:.1f} passes over the data. {REMEDY}")
