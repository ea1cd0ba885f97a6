"""Logistic regression of a few features, by Newton's method, with a preference for given weights."""

from __future__ import annotations

import numpy as np

from unspool.types import Array

# It converges in about ten steps, and ends when no weight moves by more than NEAR.
STEPS, NEAR = 50, 1e-6


def share(logits: Array) -> Array:
    """`1 / (1 + exp(-logit))`, of any shape."""
    found: Array = np.exp(-np.logaddexp(0, -logits))
    return found


def fit_logistic(features: Array, right: Array, preferred: Array) -> Array:
    """The weights `[F]` under which the outcomes are likeliest, as far as they are not far from the preferred ones.

    Their distance from them counts as half its square: with many examples it does not matter, and with few, or where
    all are right, weights stay finite.

    features: `[N, F]`; right: `[N]` 1 or 0
    """
    weights, wanted = preferred.astype(float), right.astype(float)

    def loss(weights: Array) -> float:
        unlikely = np.logaddexp(0, (features @ weights) * (1 - 2 * wanted)).sum()
        return float(unlikely + ((weights - preferred) ** 2).sum() / 2)

    for _ in range(STEPS):
        found = share(features @ weights)
        gradient = features.T @ (found - wanted) + weights - preferred
        curvature = (features * (found * (1 - found))[:, None]).T @ features + np.eye(len(weights))
        step = np.linalg.solve(curvature, gradient)
        while np.abs(step).max() > NEAR and loss(weights - step) > loss(weights):
            step = step / 2
        weights = weights - step
        if np.abs(step).max() <= NEAR:
            break
    return weights
