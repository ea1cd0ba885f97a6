"""What a metric is: the outcome of each example, and how outcomes become one figure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from unspool.metrics.evaluation import Evaluation, Needs
from unspool.types import Array

PERCENT = 100


def no_signature(evaluation: Evaluation) -> str:
    """Of a metric whose name says all."""
    return ""


def no_details(evaluation: Evaluation) -> dict[str, Any]:
    """Of a metric that is one number."""
    return {}


def quotient(sums: Array) -> Array:
    """`[...]` of summed outcomes `[..., 2]`: the first over the second, which divides as one where it is less."""
    ratios: Array = sums[..., 0] / np.maximum(sums[..., 1], 1)
    return ratios


@dataclass(frozen=True, slots=True)
class Metric:
    """A figure of merit that is a function of sums over examples: a mean, a ratio, or BLEU's product of ratios.

    So any set of examples has its figure: a resample, the examples of one length, or all of them.

    name:      as in reports
    direction: 1 where higher is better, -1 where lower is better
    needs:     what it is computed from
    outcomes:  the sufficient statistics `[N, C]` of each example
    aggregate: sums of outcomes `[..., C]` to figures `[...]`, before `scale`
    scale:     what figures are multiplied by to be read: 100 where `aggregate` gives shares, to be read in percent
    signature: how exactly it was computed, where its name does not say so
    details:   what else reports show beside the figure, under its own keys
    """

    name: str
    direction: Literal[1, -1]
    needs: Needs
    outcomes: Callable[[Evaluation], Array]
    aggregate: Callable[[Array], Array] = quotient
    scale: int = 1
    signature: Callable[[Evaluation], str] = no_signature
    details: Callable[[Evaluation], dict[str, Any]] = no_details

    def value(self, outcomes: Array) -> float:
        """The figure of some examples, from their outcomes `[N, C]`."""
        return self.scale * float(self.aggregate(outcomes.sum(axis=0)))
