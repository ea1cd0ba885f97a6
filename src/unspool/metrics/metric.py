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
    """The quotients `[...]` of summed outcomes `[..., 2]`; a divisor below 1 counts as 1."""
    ratios: Array = sums[..., 0] / np.maximum(sums[..., 1], 1)
    return ratios


@dataclass(frozen=True, slots=True)
class Metric:
    """A figure that is a function of sums over examples: a mean, a ratio, or BLEU's product of ratios.

    So it can be computed for any set of examples: a bootstrap sample, the examples of one length, or all of them.

    name:      its name in reports
    direction: 1 if higher is better, -1 if lower is better
    needs:     the input that it is computed from
    outcomes:  the sufficient statistics `[N, C]` of each example
    aggregate: from sums of outcomes `[..., C]` to figures `[...]`, before `scale`
    scale:     the factor of figures in reports: 100 if `aggregate` returns shares, which are shown in percent
    signature: details of the computation, if the name is not enough
    details:   more results for reports, under their own keys
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
