"""A head over real values: independent Gaussians for the features of an item.

Graves 2013, arXiv:1308.0850, section 4.1, predicts the parameters of a density over real values and minimises its
negative logarithm. Here the density is a single Gaussian for each feature, without correlations or a mixture.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from unspool.distributions.gaussian import HALF_LOG_TWO_PI, LEAST_SCALE, Gaussian
from unspool.nn.density_head import ProjectedDensity
from unspool.types import Distribution, Memory, Step


class GaussianHead(ProjectedDensity):
    """Means and standard deviations of F features; see `distributions.gaussian` for the 2F parameters."""

    distribution: Distribution = Gaussian()

    def __init__(self, size: int, features: int) -> None:
        super().__init__(size, 2 * features)

    def log_density(self, parameters: Tensor, targets: Tensor) -> Tensor:
        """See `ProjectedDensity`."""
        mean, raw = parameters.chunk(2, -1)
        scale = functional.softplus(raw) + LEAST_SCALE
        log_densities = -0.5 * ((targets - mean) / scale).square() - scale.log() - HALF_LOG_TWO_PI
        return log_densities.sum(-1)

    def choose(self, step: Step, memory: Memory, *, drawn: bool) -> Tensor:
        """The means, or a sample, `[R, F]`."""
        mean, raw = self.density_parameters(step, memory).chunk(2, -1)
        return mean + (functional.softplus(raw) + LEAST_SCALE) * torch.randn_like(mean) if drawn else mean
