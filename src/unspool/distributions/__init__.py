"""What a density's parameters mean, in NumPy: one implementation for PyTorch's models and for exported ones.

A network's head gives parameters `[..., P]`. A `Distribution` (see `types.py`) turns them into log-densities, samples,
modes and quantiles, so a sample is the same with and without PyTorch. Samples are made from uniform numbers that the
caller draws: who addresses those by seed, source and step addresses the samples. A head in `nn/` computes the same
log-density with gradients, and a test holds the two together.

A distribution has no state, and takes the number of features from the number of parameters.
"""

from __future__ import annotations

from unspool.distributions.gaussian import Gaussian
from unspool.errors import Mistake, nearest
from unspool.types import Distribution

# By the name that an exported folder's manifest has.
DISTRIBUTIONS: dict[str, Distribution] = {Gaussian.name: Gaussian()}


def distribution_of(name: str) -> Distribution:
    """The distribution of this name; a name that this release does not know is a `Mistake`."""
    if name not in DISTRIBUTIONS:
        raise Mistake(f"There is no distribution '{name}' in this release.", nearest(name, DISTRIBUTIONS))
    return DISTRIBUTIONS[name]
