"""The learning rate range test: a short run with a growing rate, until the loss explodes.

Smith 2017: Cyclical Learning Rates for Training Neural Networks. arXiv:1506.01186, section 3.3. The suggested rate is
the one at which the loss falls fastest: large, but with some distance to the rate at which the loss explodes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from unspool.config import TrainingConfig
from unspool.errors import Mistake
from unspool.training.batch_sampler import BatchSampler
from unspool.training.clock import Clock
from unspool.training.loop import train_step
from unspool.training.progress import Progress
from unspool.training.train_state import TrainState
from unspool.types import Array

UPDATES, LOWEST, HIGHEST = 150, 1e-5, 1.0
# The standard deviation of the Gaussian that smooths the losses, in updates.
NEAR = 5.0
# A loss below this share of the first one has fallen; one above this multiple of the lowest one has exploded.
FALLEN, EXPLODED = 0.98, 2.0


@dataclass
class RangeTest:
    """Each update's rate and loss, in nats a symbol."""

    rates: list[float] = field(default_factory=list)
    losses: list[float] = field(default_factory=list)

    @property
    def smoothed(self) -> Array:
        """The weighted mean of each loss and its neighbours, without a lag."""
        places = np.arange(len(self.losses))
        nearness = np.exp(-0.5 * ((places - places[:, None]) / NEAR) ** 2)
        mean: Array = nearness @ np.array(self.losses) / nearness.sum(1)
        return mean

    @property
    def exploded(self) -> bool:
        """Whether a larger rate can only be worse."""
        smoothed = self.smoothed
        return bool(smoothed[-1] > EXPLODED * smoothed.min())

    @property
    def suggestion(self) -> float:
        """The rate at which the loss falls fastest, to two digits. A `Mistake` if it never falls."""
        smoothed = self.smoothed
        lowest = int(smoothed.argmin()) if len(smoothed) else 0
        if not lowest or smoothed[lowest] > FALLEN * smoothed[0]:
            what = f"The loss fell at none of the rates from {LOWEST:g} to {HIGHEST:g}."
            raise Mistake(what, "Check that the targets depend on the sources.")
        steepest = int(np.gradient(smoothed)[: lowest + 1].argmin())
        return float(f"{self.rates[steepest]:.1e}")


def range_test(
    state: TrainState, sampler: BatchSampler, config: TrainingConfig, on_update: Callable[[int], None]
) -> RangeTest:
    """Train with a rate that grows exponentially from `LOWEST` to `HIGHEST`, or until the loss explodes.

    on_update: called with 1 after each update
    The model must not be used afterwards.
    """
    progress, test = Progress(), RangeTest()
    clock = Clock(config, progress, len(sampler))
    for rate in np.geomspace(LOWEST, HIGHEST, UPDATES).tolist():
        try:
            train_step(state, sampler.take(progress, config.accumulate), rate, config, progress, clock)
        except Mistake:  # the loss is no longer a number
            break
        test.rates.append(rate)
        test.losses.append(clock.report(None).nll)
        on_update(1)
        if test.exploded:
            break
    return test
