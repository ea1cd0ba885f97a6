"""A metric: the outcome of each example, and the function that turns summed outcomes into one figure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from unspool.metrics.evaluation import Evaluation, Needs
from unspool.types import Array

PERCENT = 100


def no_signature(evaluation: Evaluation) -> str:
    """The empty signature of a metric whose name is enough."""
    return ""


def no_details(evaluation: Evaluation) -> dict[str, Any]:
    """The empty details of a metric that is one number."""
    return {}


def quotient(sums: Array) -> Array:
    """The quotients `[...]` of summed outcomes `[..., 2]`; a divisor of 0 counts as 1."""
    ratios: Array = sums[..., 0] / np.where(sums[..., 1] > 0, sums[..., 1], 1)
    return ratios


def rate_extremes(outcomes: Array) -> Array:
    """`[2, 2]`: an example of usual length without any, and one with only: the extremes of a share or a rate of errors.

    Rates may exceed 1; then the second one is the largest of the examples.
    """
    most = max(1.0, float(quotient(outcomes).max()))
    extremes: Array = outcomes[:, 1].mean() * np.array([[0.0, 1.0], [most, 1.0]])
    return extremes


def spread_extremes(outcomes: Array) -> Array:
    """`[2, 2]`: for a mean without limits, two examples half as far again from the mean as the farthest ones.

    Their length is the usual one. If all examples are equal, the mean itself is that distance.
    """
    mean, each = float(quotient(outcomes.sum(axis=0))), quotient(outcomes)
    below, above = (1.5 * abs(end - mean) or abs(mean) for end in (each.min(), each.max()))
    extremes: Array = outcomes[:, 1].mean() * np.array([[mean - below, 1.0], [mean + above, 1.0]])
    return extremes


@dataclass(frozen=True, slots=True)
class Metric:
    """A figure that is a function of sums over examples: a mean, a ratio, or BLEU's product of ratios.

    So it can be computed for any set of examples: a bootstrap sample, the examples of one length, or all of them.

    name:      its name in reports
    direction: 1 if higher is better, -1 if lower is better
    needs:     the input that it is computed from
    outcomes:  the sufficient statistics `[N, C]` of each example
    aggregate: from sums of outcomes `[..., C]` to figures `[...]`, before `scale`
    extremes:  from outcomes `[N, C]`, the outcomes `[2, C]` of imaginary examples with the lowest and highest figures
    scale:     the factor of figures in reports: 100 if `aggregate` returns shares, which are shown in percent
    signature: details of the computation, if the name is not enough
    details:   more results for reports, under their own keys
    """

    name: str
    direction: Literal[1, -1]
    needs: Needs
    outcomes: Callable[[Evaluation], Array]
    aggregate: Callable[[Array], Array] = quotient
    extremes: Callable[[Array], Array] = rate_extremes
    scale: int = 1
    signature: Callable[[Evaluation], str] = no_signature
    details: Callable[[Evaluation], dict[str, Any]] = no_details

    def value(self, outcomes: Array) -> float:
        """The figure of some examples, from their outcomes `[N, C]`."""
        return self.scale * float(self.aggregate(outcomes.sum(axis=0)))
