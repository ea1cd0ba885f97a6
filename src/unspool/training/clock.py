"""The clock of the training loop: the progress and speed of a run, and what is due."""

from __future__ import annotations

import time

from unspool.config import TrainingConfig
from unspool.training import schedule
from unspool.training.progress import Progress, Report, Validation

REPORT_SECONDS = 1.0
# Without any limit: this many epochs, or more if these are fewer than this many updates.
DEFAULT_EPOCHS, DEFAULT_UPDATES = 40, 2000
# Without `validate_every`: once an epoch, but at least and at most after this many updates.
VALIDATE_SOONEST, VALIDATE_LATEST = 100, 2000


class Clock:
    """Measures one run; `batches`: the number of batches in its first epoch."""

    def __init__(self, config: TrainingConfig, progress: Progress, batches: int) -> None:
        self.config, self.progress = config, progress
        updates = max(1, -(-batches // config.accumulate))
        self.validate_every = config.validate_every or min(max(updates, VALIDATE_SOONEST), VALIDATE_LATEST)
        limits = [limit for limit in (config.epochs and config.epochs * updates, config.max_updates) if limit]
        if not limits and not config.max_minutes:
            limits = [max(DEFAULT_EPOCHS * updates, DEFAULT_UPDATES)]
        self.total = min(limits, default=None)
        self.begun = time.monotonic() - progress.seconds
        self.last_saved = self.last_report = time.monotonic()
        self.symbols, self.nll, self.update_seconds = 0, 0.0, 0.0

    @property
    def seconds(self) -> float:
        """Time spent training so far, over all interruptions."""
        return time.monotonic() - self.begun

    @property
    def done(self) -> float:
        """0 at the start, 1 at the end: by updates or by time, whichever is further."""
        by_updates = self.progress.update / self.total if self.total else 0.0
        by_clock = self.seconds / (self.config.max_minutes * 60) if self.config.max_minutes else 0.0
        return min(1.0, max(by_updates, by_clock))

    @property
    def over(self) -> bool:
        """Whether a limit or the patience has run out."""
        return self.done >= 1 or self.progress.patience >= self.config.patience

    @property
    def rate(self) -> float:
        """The learning rate of the next update."""
        share = schedule.rate(self.config, self.progress.update, self.done, self.progress.plateau)
        return self.config.learning_rate * share

    @property
    def validation_due(self) -> bool:
        """Every `validate_every` updates, and at the end."""
        return self.progress.update % self.validate_every == 0 or self.done >= 1

    @property
    def report_due(self) -> bool:
        """About once a second."""
        return time.monotonic() - self.last_report >= REPORT_SECONDS

    @property
    def checkpoint_due(self) -> bool:
        """Every `checkpoint_minutes`."""
        return time.monotonic() - self.last_saved >= self.config.checkpoint_minutes * 60

    def saved(self) -> None:
        """Record that a checkpoint was written."""
        self.last_saved = time.monotonic()

    def count(self, symbols: int, nll: float, seconds: float) -> None:
        """Count an update with this many target symbols."""
        self.symbols += symbols
        self.nll += nll
        self.update_seconds += seconds

    def report(self, validation: Validation | None) -> Report:
        """What happened since the last report."""
        left = self.seconds * (1 - self.done) / self.done if self.done else float("inf")
        report = Report(
            epoch=self.progress.epoch,
            update=self.progress.update,
            done=self.done,
            seconds=self.seconds,
            seconds_left=left,
            nll=self.nll / max(self.symbols, 1),
            rate=self.rate,
            symbols_per_second=self.symbols / max(self.update_seconds, 1e-9),
            validation=validation,
            improved=validation is not None and self.progress.patience == 0,
        )
        self.symbols, self.nll, self.update_seconds = 0, 0.0, 0.0
        self.last_report = time.monotonic()
        return report
