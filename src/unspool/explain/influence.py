"""How much each item that a network reads influences each item that it writes.

The influence of an item with the vector x (the output of an entry) on the log-probability of y_t, the t-th answer:

    gradient        ‖∂ log p(y_t) / ∂x‖                    how much a small change of x would change it
    gradient_input  x · ∂ log p(y_t) / ∂x                  the first-order share of x in it; signed
    integrated      x · ∫ ∂ log p(y_t | αx') / ∂x dα       Sundararajan et al. 2017, arXiv:1703.01365; signed. All items
                                                           x' grow from 0; the sum over items is the change of log p
    occlusion       log p(y_t) - log p(y_t | x = 0)        Zeiler and Fergus 2014, arXiv:1311.2901; signed

What was written before is read again, so it has an influence, too. With a second answer, log p(y_t) is replaced by the
difference log p(y_t) - log p(y'_t), which explains why one was written and not the other (Yin and Neubig 2022,
arXiv:2202.10419).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, TypeAlias

import numpy as np
import torch

from unspool.explain.forced_answer import Explained
from unspool.explain.scaled_network import Influence, ScaledNetwork
from unspool.types import Array, Seq2Seq

Method: TypeAlias = Literal["gradient", "gradient_input", "integrated", "occlusion"]
# Answers that are explained at once, and points of the integral, each in the middle of its part.
TOGETHER, POINTS = 32, 32


def influence_of(model: Seq2Seq, explained: Explained, method: Method) -> Influence:
    """The influence by a method, in nats; of `gradient` in nats for a change of length 1."""
    network = ScaledNetwork(model, explained)
    return network.split(_METHODS[method](network))


def _by_gradients(reduce: Callable[[Array, Array], Array]) -> Callable[[ScaledNetwork], Array]:
    """`[T, items]` from vectors and gradients `[…, D]`."""

    def find(network: ScaledNetwork) -> Array:
        every, steps = np.ones(network.items), np.arange(len(network.explained.answer))
        parts = [reduce(*network.gradients(some, every)) for some in np.split(steps, steps[TOGETHER::TOGETHER])]
        return np.concatenate(parts)

    return find


def _integrated(network: ScaledNetwork) -> Array:
    """The mean over points of the way from zero, by the midpoint rule."""
    steps = np.arange(len(network.explained.answer))
    parts = []
    for some in np.split(steps, steps[TOGETHER::TOGETHER]):
        total: Array | float = 0.0
        for share in (np.arange(POINTS) + 0.5) / POINTS:
            vectors, gradients = network.gradients(some, np.where(network.attributed, share, 1.0))
            total = total + (vectors * gradients).sum(-1) / POINTS
        parts.append(np.asarray(total))
    return np.concatenate(parts)


@torch.no_grad()
def _occlusion(network: ScaledNetwork) -> Array:
    """The loss of log-probability when an item's vector is zero."""
    without = np.concatenate([np.ones((1, network.items)), 1 - np.eye(network.items)])
    rows = np.split(without, np.arange(TOGETHER, len(without), TOGETHER))
    log_probs = np.concatenate([network.run(some).log_probs.double().cpu().numpy() for some in rows])
    found: Array = (log_probs[:1] - log_probs[1:]).T
    return found


_METHODS: dict[Method, Callable[[ScaledNetwork], Array]] = {
    "gradient": _by_gradients(lambda vectors, gradients: np.linalg.norm(gradients, axis=-1)),
    "gradient_input": _by_gradients(lambda vectors, gradients: (vectors * gradients).sum(-1)),
    "integrated": _integrated,
    "occlusion": _occlusion,
}
