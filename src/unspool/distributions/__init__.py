"""Densities in NumPy, one implementation for PyTorch models and exported ones.

A network's head returns parameters `[..., P]`. A `Distribution` (see `types.py`) turns them into log-densities,
samples, modes and quantiles, so a sample is the same with and without PyTorch. Samples are functions of uniform numbers
that the caller draws, so the caller makes them reproducible by seed, source and step. A head in `nn/` computes the same
log-density with gradients, and a test checks that both agree.

A distribution has no state. It derives the number of features from the number of parameters; a mixture has the number
of its components in its name.
"""

from __future__ import annotations

from collections.abc import Callable

from unspool.distributions.gaussian import Gaussian
from unspool.distributions.ink import PenPoint
from unspool.distributions.mixture import Mixture
from unspool.distributions.quantiles import Quantiles
from unspool.distributions.student_t import StudentT
from unspool.errors import Mistake, nearest
from unspool.types import Distribution

# By the names in the manifests of exported folders.
DISTRIBUTIONS: dict[str, Distribution] = {one.name: one for one in (Gaussian(), StudentT(), Quantiles(), PenPoint())}
# Those with components, named `mixture-20`.
WITH_COMPONENTS: dict[str, Callable[[int], Distribution]] = {Mixture.kind: Mixture}
MOST_COMPONENTS = 2**20


def distribution_of(name: str) -> Distribution:
    """The distribution of this name; an unknown name is a `Mistake`."""
    if name in DISTRIBUTIONS:
        return DISTRIBUTIONS[name]
    kind, _, count = name.partition("-")
    if kind in WITH_COMPONENTS and count.isdecimal() and 1 <= int(count[:8]) <= MOST_COMPONENTS:
        return WITH_COMPONENTS[kind](int(count[:8]))
    raise Mistake(f"There is no distribution '{name}' in this release.", nearest(name, [*DISTRIBUTIONS, "mixture-20"]))
