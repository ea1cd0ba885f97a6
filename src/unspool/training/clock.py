"""The clock of the training loop: the progress and speed of a run, and what is due."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeAlias

from unspool.config import TrainingConfig
from unspool.training import schedule
from unspool.training.progress import Progress, Report, Validation

REPORT_SECONDS = 1.0
# Without any limit: this many epochs, or more if these are fewer than this many updates.
DEFAULT_EPOCHS, DEFAULT_UPDATES = 40, 2000
# Without `validate_every`: once an epoch, but at least and at most after this many updates.
VALIDATE_SOONEST, VALIDATE_LATEST = 100, 2000
# With a reserve: a validation is due after this share of the time limit, since it measures the reserve.
VALIDATE_SHARE = 1 / 8

# Seconds of the time limit that are kept for what follows training, from the seconds of the last validation; None
# before the first one.
Reserve: TypeAlias = Callable[[float | None], float]


class Clock:
    """Measures one run.

    batches: the number of batches in its first epoch
    reserve: the part of `max_minutes` in which no update is made; default: none
    """

    def __init__(
        self, config: TrainingConfig, progress: Progress, batches: int, reserve: Reserve | None = None
    ) -> None:
        self.config, self.progress, self.reserve = config, progress, reserve
        self.updates = updates = max(1, -(-batches // config.accumulate))  # of an epoch
        self.validate_every = config.validate_every or min(max(updates, VALIDATE_SOONEST), VALIDATE_LATEST)
        limits = [limit for limit in (config.epochs and config.epochs * updates, config.max_updates) if limit]
        if not limits and not config.max_minutes:
            limits = [max(DEFAULT_EPOCHS * updates, DEFAULT_UPDATES)]
        self.total = min(limits, default=None)
        self.begun = time.monotonic() - progress.seconds
        self.last_saved = self.last_report = self.last_validated = time.monotonic()
        self.reserved = reserve(None) if reserve else 0.0
        self.symbols, self.nll, self.update_seconds = 0, 0.0, 0.0

    @property
    def seconds(self) -> float:
        """Time spent training so far, over all interruptions."""
        return time.monotonic() - self.begun

    @property
    def done(self) -> float:
        """0 at the start, 1 at the end: by updates or by time, whichever is further."""
        by_updates = self.progress.update / self.total if self.total else 0.0
        return min(1.0, max(by_updates, self._done_by_clock))

    @property
    def _done_by_clock(self) -> float:
        if not self._limit:
            return 0.0
        available = self._limit - self.reserved
        return self.seconds / available if available > 0 else 1.0

    @property
    def _limit(self) -> float:
        """`max_minutes` in seconds; 0: none."""
        return (self.config.max_minutes or 0.0) * 60

    @property
    def passes(self) -> float:
        """Passes over the data so far."""
        return self.progress.update / self.updates

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
        """Every `validate_every` updates, and at the end; with a reserve also after a share of the time limit."""
        if self.progress.update % self.validate_every == 0 or self.done >= 1:
            return True
        waited = time.monotonic() - self.last_validated
        return self.reserve is not None and self._limit > 0 and waited >= VALIDATE_SHARE * self._limit

    @property
    def report_due(self) -> bool:
        """About once a second."""
        return time.monotonic() - self.last_report >= REPORT_SECONDS

    @property
    def checkpoint_due(self) -> bool:
        """Every `checkpoint_minutes`."""
        return time.monotonic() - self.last_saved >= self.config.checkpoint_minutes * 60

    def validated(self, seconds: float) -> None:
        """Record that a validation took this long."""
        self.last_validated = time.monotonic()
        if self.reserve:
            self.reserved = self.reserve(seconds)

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
            passes=self.passes / self.done if self.done else float("inf"),
            validation=validation,
            improved=validation is not None and self.progress.patience == 0,
        )
        self.symbols, self.nll, self.update_seconds = 0, 0.0, 0.0
        self.last_report = time.monotonic()
        return report
