"""A head over real values: independent Student t distributions, which forgive outliers."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional

from unspool.distributions.student_t import LEAST_DEGREES, LEAST_SCALE, MOST_DEGREES, RAW_SHIFT, StudentT
from unspool.nn.density_head import ProjectedDensity
from unspool.types import Distribution


class StudentTHead(ProjectedDensity):
    """Locations, scales and degrees of freedom of F features; see `distributions.student_t` for the 3F parameters."""

    distribution: Distribution = StudentT()

    def __init__(self, size: int, features: int) -> None:
        super().__init__(size, 3 * features)

    def log_density(self, parameters: Tensor, targets: Tensor) -> Tensor:
        """See `ProjectedDensity`."""
        location, raw_scale, raw_degrees = parameters.chunk(3, -1)
        scale = functional.softplus(raw_scale) + LEAST_SCALE
        degrees = LEAST_DEGREES + (MOST_DEGREES - LEAST_DEGREES) * torch.sigmoid(raw_degrees - RAW_SHIFT)
        z = (targets - location) / scale
        constant = torch.lgamma(0.5 * (degrees + 1)) - torch.lgamma(0.5 * degrees) - 0.5 * (degrees * math.pi).log()
        log_densities = constant - scale.log() - 0.5 * (degrees + 1) * torch.log1p(z.square() / degrees)
        return log_densities.sum(-1)
