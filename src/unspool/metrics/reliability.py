"""How well confidences keep what they say: of the answers with confidence 0.9, nine in ten should be right.

Guo, Pleiss, Sun, Weinberger 2017, "On calibration of modern neural networks", arXiv:1706.04599, section 2.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from unspool.metrics.binomial import clopper_pearson
from unspool.metrics.metric import PERCENT
from unspool.types import Array

BINS = 10


class Bin(NamedTuple):
    """The answers whose confidence is from `low` up to `high`: how many, at least one. Shares are in percent.

    confidence: the mean of their confidences
    right:      the share of them that is right
    """

    low: float
    high: float
    answers: int
    confidence: float
    right: float

    def to_json(self) -> dict[str, Any]:
        """As `evaluate --json` writes it."""
        numbers = round(self.confidence, 4), round(self.right, 4)
        return dict(zip(("from", "to", "n", "confidence", "right"), (*self[:3], *numbers), strict=True))


def reliability(confidences: Array, right: Array) -> list[Bin]:
    """The answers by their confidence, in tenths; tenths without answers are left out.

    confidences: `[N]` in [0, 1]; right: `[N]` whether the answer is right
    """
    places = np.minimum((confidences * BINS).astype(int), BINS - 1)
    return [
        Bin(
            place / BINS, (place + 1) / BINS, int(inside.sum()), PERCENT * float(confidences[inside].mean()),
            PERCENT * float(right[inside].mean()),
        )
        for place in range(BINS)
        if (inside := places == place).any()
    ]  # fmt: skip


def calibration_error(bins: list[Bin]) -> float:
    """The expected calibration error in percent: the mean distance of confidence and share, by answer (eq. 3)."""
    count = sum(each.answers for each in bins)
    return sum(each.answers * abs(each.confidence - each.right) for each in bins) / max(1, count)


def selective(confidences: Array, right: Array, at_least: float) -> dict[str, float]:
    """The figures of answering only where confidence is at least this, in percent with 95 % intervals.

    `answered`: the share of sources that get an answer (coverage). `right_of_answered`: the share of these answers that
    is right; left out if there are none.
    """
    kept = confidences >= at_least
    shares = {"answered": (int(kept.sum()), len(kept))}
    if kept.any():
        shares["right_of_answered"] = int(right[kept].sum()), int(kept.sum())
    figures = {"at_least": at_least}
    for name, (hits, count) in shares.items():
        low, high = clopper_pearson(hits, count)
        ends = {name: hits / count, f"{name}_low": low, f"{name}_high": high}
        figures |= {key: round(PERCENT * share, 4) for key, share in ends.items()}
    return figures
