"""How well a text was foreseen."""

from __future__ import annotations

import numpy as np

from unspool.metrics.significance import RESAMPLES, SEED, Estimate, bootstrap_interval
from unspool.types import Array


def bits_per_character(
    log_likelihoods: Array, characters: Array, *, resamples: int = RESAMPLES, seed: int = SEED
) -> Estimate:
    """`-Σ log₂ p / Σ characters`: what the best code would spend on each character, on average (Graves 2013, 3.1).

    log_likelihoods: `[N]` of each piece of text, in nats; characters: `[N]` how long it is
    """
    bits = -log_likelihoods / np.log(2)
    value = float(bits.sum() / characters.sum())
    if not resamples:
        return Estimate(value, None)
    return Estimate(value, bootstrap_interval(bits, characters, resamples=resamples, seed=seed))
