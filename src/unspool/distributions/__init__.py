"""Densities in NumPy, one implementation for PyTorch models and exported ones.

A network's head returns parameters `[..., P]`. A `Distribution` (see `types.py`) turns them into log-densities,
samples, modes and quantiles, so a sample is the same with and without PyTorch. Samples are functions of uniform numbers
that the caller draws, so the caller makes them reproducible by seed, source and step. A head in `nn/` computes the same
log-density with gradients, and a test checks that both agree.

A distribution has no state. It derives the number of features from the number of parameters.
"""

from __future__ import annotations

from unspool.distributions.gaussian import Gaussian
from unspool.errors import Mistake, nearest
from unspool.types import Distribution

# By the names in the manifests of exported folders.
DISTRIBUTIONS: dict[str, Distribution] = {Gaussian.name: Gaussian()}


def distribution_of(name: str) -> Distribution:
    """The distribution of this name; an unknown name is a `Mistake`."""
    if name not in DISTRIBUTIONS:
        raise Mistake(f"There is no distribution '{name}' in this release.", nearest(name, DISTRIBUTIONS))
    return DISTRIBUTIONS[name]
