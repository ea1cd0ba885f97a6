"""A head over real values: a mixture of Gaussians, for items that may be one thing or another.

Graves 2013, arXiv:1308.0850, section 4.1, equations 18 to 20, with independent features in each component.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from unspool.distributions.gaussian import HALF_LOG_TWO_PI, LEAST_SCALE
from unspool.distributions.mixture import Mixture
from unspool.nn.density_head import ProjectedDensity


class MixtureHead(ProjectedDensity):
    """Weights, means and standard deviations of M components; see `distributions.mixture` for the parameters."""

    def __init__(self, size: int, features: int, components: int) -> None:
        super().__init__(size, components * (1 + 2 * features))
        self.distribution = Mixture(components)
        self.features, self.components = features, components
        with torch.no_grad():  # components that start alike would stay so for long
            means = self.projection.bias[components : components * (1 + features)]
            nn.init.normal_(means)

    def log_density(self, parameters: Tensor, targets: Tensor) -> Tensor:
        """See `ProjectedDensity`."""
        count = self.components * self.features
        raw, mean, raw_scale = torch.split(parameters, [self.components, count, count], -1)
        shape = (*parameters.shape[:-1], self.components, self.features)
        mean, raw_scale = mean.reshape(shape), raw_scale.reshape(shape)
        scale = functional.softplus(raw_scale) + LEAST_SCALE
        z = (targets.unsqueeze(-2) - mean) / scale
        parts = -(0.5 * z.square() + scale.log() + HALF_LOG_TWO_PI).sum(-1)
        return torch.logsumexp(torch.log_softmax(raw, -1) + parts, -1)
