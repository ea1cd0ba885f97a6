"""Schedules: the learning rate as a share of `learning_rate`.

A schedule depends on the progress of training by updates, or by minutes if that is further. With a time limit, the
schedules without an end (inverse square root, plateau, constant) cool down linearly over the last fifth of the time.
"""

from __future__ import annotations

import math

from unspool.config import TrainingConfig

COOLDOWN = 0.2
WARMEST = 0.1


def rate(config: TrainingConfig, update: int, progress: float, plateau: float) -> float:
    """The share for one update, counted from 0.

    progress: 0 at the start, 1 at the end of training, by updates or by time
    plateau:  the factor by validations without progress (plateau schedule only)
    """
    warm = warm_up(config.warmup_updates, update, progress)
    if config.schedule == "cosine":
        return warm * cosine(progress, config.final_rate)
    cooling = min(1.0, (1.0 - progress) / COOLDOWN) if config.max_minutes else 1.0
    if config.schedule == "inverse_sqrt":
        return warm * inverse_sqrt(update, config.warmup_updates) * max(cooling, config.final_rate)
    falling = plateau if config.schedule == "plateau" else 1.0
    return warm * falling * max(cooling, config.final_rate)


def warm_up(updates: int, update: int, progress: float) -> float:
    """Linear over this many updates, but at most over the first `WARMEST` share of the run."""
    return min(1.0, max((update + 1) / updates, progress / WARMEST)) if updates else 1.0


def cosine(progress: float, final: float) -> float:
    """From 1 to `final` along half a cosine (Loshchilov & Hutter 2017, eq. 5)."""
    return final + (1 - final) * 0.5 * (1 + math.cos(math.pi * min(progress, 1.0)))


def inverse_sqrt(update: int, warmup: int) -> float:
    """`√(warmup / update)` after the warm-up (Vaswani et al. 2017, eq. 3, scaled to 1 at its peak)."""
    return math.sqrt(max(warmup, 1) / max(update + 1, warmup, 1))
