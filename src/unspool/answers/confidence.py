"""How likely an answer is to be right: the model's own probability of it, made honest on held-out examples.

Networks that are trained with label smoothing give even a sure symbol a probability clearly below 1, and so a long
answer a small one. Others are surer than they are right. Two steps from the log-probability of an answer of T symbols:

    log q  = log p + cost · T            what even a sure symbol costs is given back
    logit c = a · log q − b · log(1 − q) + m,    a, b ≥ 0

The second is beta calibration (Kull, Silva Filho, Flach 2017, "Beta calibration: a well-founded and easily implemented
improvement on logistic calibration for binary classifiers", eq. 4). It rises with p, so it never changes which of two
answers of one length is the likelier. With a = b = 1 and m = 0, q stays as it is.
"""

from __future__ import annotations

from typing import Any, NamedTuple, Self

import numpy as np

from unspool.answers.logistic import fit_logistic, share
from unspool.errors import Mistake
from unspool.types import Array

# With fewer held-out examples than this, nothing is known about a probability.
ENOUGH = 20
# The cost of a sure symbol is that of the surest tenth of the answers, and with it log q is at most -LEAST.
SUREST, LEAST = 0.1, 0.01
# Larger numbers in a file come from no calibration, and would not stay numbers.
MOST = 1e6
AS_IT_IS = np.array([1.0, 1.0, 0.0])


class Confidence(NamedTuple):
    """The map from the log-probability of an answer to its probability of being right.

    a, b, m, cost: see the module
    examples:      the number of held-out examples that it was fitted on
    """

    a: float
    b: float
    m: float
    cost: float
    examples: int

    def of(self, log_probs: Array, symbols: Array) -> Array:
        """The probability of being right, of answers with these log-probabilities in nats; of any shape.

        symbols: how many each answer has, and one for its end
        """
        return share(_features(log_probs + self.cost * symbols) @ np.array(self[:3]))

    def to_json(self) -> dict[str, Any]:
        """As `calibration.json` has it, under `confidence`."""
        return {name: round(value, 6) for name, value in self._asdict().items()}

    @classmethod
    def from_json(cls, data: Any, where: str) -> Self:
        """The inverse of `to_json`; wrong values are a `Mistake` that names the file `where`."""
        try:
            a, b, m, cost = (float(data[name]) for name in ("a", "b", "m", "cost"))
            examples = int(data["examples"])
        except (KeyError, TypeError, ValueError, OverflowError):
            a, b, m, cost, examples = -1.0, -1.0, 0.0, 0.0, 0
        if not (0 <= a < MOST and 0 <= b < MOST and abs(m) < MOST and 0 <= cost < MOST):
            raise Mistake(f"{where}: its confidence cannot be read.", "Copy the folder again.")
        return cls(a, b, m, cost, examples)


def calibrate(log_probs: Array, symbols: Array, right: Array) -> Confidence | None:
    """A map for answers like these: log-probabilities in nats, symbols with the end, and whether each is right, `[N]`.

    It is the likeliest one, with a weak preference for leaving q as it is: so few examples, or examples that are all
    right, never lead to certainty. None if there are fewer than `ENOUGH` examples.
    """
    if len(right) < ENOUGH:
        return None
    cost = max(0.0, float(np.quantile(-log_probs / symbols, SUREST)))
    features, kept, weights = _features(log_probs + cost * symbols), np.ones(3, dtype=bool), np.zeros(3)
    while True:
        weights[kept] = fit_logistic(features[:, kept], right, AS_IT_IS[kept])
        falling = weights < 0
        falling[2] = False
        if not falling.any():
            a, b, m = weights.tolist()
            return Confidence(a, b, m, cost, len(right))
        kept, weights = kept & ~falling, np.zeros(3)  # the share would fall with p, which only chance can do


def _features(log_q: Array) -> Array:
    """log q, -log(1 - q) and 1, `[..., 3]`."""
    log_q = np.minimum(np.asarray(log_q, dtype=np.float64), -LEAST)
    return np.stack([log_q, -np.log(-np.expm1(log_q)), np.ones_like(log_q)], axis=-1)
