"""The time of one run: training ends early enough for the final evaluation, whose time is known from validations."""

from __future__ import annotations

import time

# How much longer the final evaluation may take than validations let expect, and the share of the time for all else
# (loading the weights, timing single answers, intervals).
SAFETY, MARGIN = 1.25, 0.03
# Before the first validation: the share of the time that is kept.
UNKNOWN = 0.25


class Budget:
    """Counts from its making. ratio: test sources divided by validation sources."""

    def __init__(self, minutes: float, ratio: float) -> None:
        self.seconds, self.ratio = minutes * 60, ratio
        self.begun = time.monotonic()
        self.before_training: float | None = None

    def reserve(self, validation: float | None) -> float:
        """Seconds to keep from training: those that passed before it, and what the last validation lets expect."""
        if self.before_training is None:
            self.before_training = time.monotonic() - self.begun
        expected = UNKNOWN * self.seconds if validation is None else (1 + self.ratio) * validation * SAFETY
        return self.before_training + expected + MARGIN * self.seconds

    def spent(self, trained: float, since_training: float) -> float:
        """Seconds of the run: reading, training over all interruptions, and since then."""
        return (self.before_training or 0.0) + trained + since_training
