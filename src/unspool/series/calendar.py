"""What the time of a value says, as covariates that are known in advance: two numbers for each turn of a calendar.

A turn (an hour, a day, a week, a year) is an angle, and an angle is its sine and cosine, so that midnight is near to 23
o'clock. A series has those turns that are longer than its step.
"""

from __future__ import annotations

import numpy as np

from unspool.series.steps import DAY, HOUR, WEEK, YEAR
from unspool.types import Array

# 1970 began on a Thursday.
MONDAY = 3 * DAY
TURNS = {"hour": (HOUR, 0), "day": (DAY, 0), "week": (WEEK, MONDAY), "year": (YEAR, 0)}
FEATURES = 2 * len(TURNS)


def time_features(stamps: Array, step_seconds: float) -> Array:
    """`[n, FEATURES]`; zeros for whole numbers, and for turns no longer than the step."""
    features = np.zeros((len(stamps), FEATURES))
    if stamps.dtype.kind != "M":
        return features
    seconds = stamps.astype("datetime64[s]").astype(np.int64)
    for place, (length, start) in enumerate(TURNS.values()):
        if step_seconds < length:
            angles = 2 * np.pi * (seconds + start) / length
            features[:, 2 * place], features[:, 2 * place + 1] = np.sin(angles), np.cos(angles)
    return features
