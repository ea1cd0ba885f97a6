"""A head over real values: independent Gaussians for the features of an item.

Graves 2013, arXiv:1308.0850, section 4.1, predicts the parameters of a density over real values and minimises its
negative logarithm. Here the density is a single Gaussian for each feature, without correlations or a mixture.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from unspool.distributions.gaussian import HALF_LOG_TWO_PI, LEAST_SCALE, Gaussian
from unspool.kernels.precision import at_least_float
from unspool.nn.parameters import linear
from unspool.types import Distribution, Memory, Step


class GaussianHead(nn.Module):
    """Means and standard deviations of F features; see `distributions.gaussian` for the 2F parameters.

    Computed in float32 at least, for every precision of the network and with autocast. Targets are `[..., F]`.
    """

    distribution: Distribution = Gaussian()

    def __init__(self, size: int, features: int) -> None:
        super().__init__()
        self.projection = linear(size, 2 * features, "output")

    def loss(self, step: Step, targets: Tensor, memory: Memory, smoothing: float = 0.0) -> tuple[Tensor, Tensor]:
        """Negative log-density of each target in nats, summed over features, with and without gradient.

        `smoothing` is ignored, because a density has no symbols over which mass could be spread.
        """
        losses = -self.log_prob(step, targets, memory)
        return losses, losses.detach()

    def log_prob(self, step: Step, targets: Tensor, memory: Memory) -> Tensor:
        """Log-density of each target in nats, summed over features."""
        mean, raw = self.density_parameters(step, memory).chunk(2, -1)
        scale = functional.softplus(raw) + LEAST_SCALE
        log_densities = -0.5 * ((targets - mean) / scale).square() - scale.log() - HALF_LOG_TWO_PI
        return log_densities.sum(-1)

    def choose(self, step: Step, memory: Memory, *, drawn: bool) -> Tensor:
        """The means, or a sample, `[R, F]`."""
        mean, raw = self.density_parameters(step, memory).chunk(2, -1)
        return mean + (functional.softplus(raw) + LEAST_SCALE) * torch.randn_like(mean) if drawn else mean

    def density_parameters(self, step: Step, memory: Memory) -> Tensor:
        """F means, then F raw scales, `[..., 2F]`."""
        x, weight, bias = map(at_least_float, (step.output, self.projection.weight, self.projection.bias))
        kind = step.output.device.type
        if not torch.is_autocast_enabled(kind):
            return functional.linear(x, weight, bias)
        with torch.autocast(kind, enabled=False):
            return functional.linear(x, weight, bias)
