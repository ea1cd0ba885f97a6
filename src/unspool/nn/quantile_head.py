"""A head over real values: quantiles at fixed levels, trained by the pinball loss.

Koenker & Bassett 1978: Regression Quantiles. Econometrica 46(1), 33-50. The loss of one level q is q (y - x) where the
value y is above the quantile x, and (1 - q) (x - y) where it is below.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from unspool.distributions.quantiles import LEAST_STEP, LEVELS, MIDDLE, Quantiles
from unspool.nn.density_head import ProjectedDensity
from unspool.types import Distribution, Memory, Step


class QuantileHead(ProjectedDensity):
    """Quantiles of F features; see `distributions.quantiles` for the parameters, and for the density between them."""

    distribution: Distribution = Quantiles()
    levels: Tensor

    def __init__(self, size: int, features: int) -> None:
        super().__init__(size, len(LEVELS) * features)
        self.register_buffer("levels", torch.from_numpy(LEVELS).float(), persistent=False)

    def loss(self, step: Step, targets: Tensor, memory: Memory, smoothing: float = 0.0) -> tuple[Tensor, Tensor]:
        """Twice the mean pinball loss of all levels, summed over features; and the negative log-density in nats.

        The first, in the units of the values and no log-likelihood, is what is minimised; it approximates the
        continuous ranked probability score.
        """
        parameters = self.density_parameters(step, memory)
        places, _ = _places(parameters)
        beyond = targets.unsqueeze(-2) - places
        levels = self.levels.to(beyond).unsqueeze(-1)
        losses = 2 * torch.maximum(levels * beyond, (levels - 1) * beyond).mean(-2).sum(-1)
        with torch.no_grad():
            return losses, -self.log_density(parameters, targets)

    def log_density(self, parameters: Tensor, targets: Tensor) -> Tensor:
        """See `ProjectedDensity`."""
        places, widths = _places(parameters)
        levels = self.levels.to(places)
        log_heights = levels.diff().log().unsqueeze(-1) - widths.log()
        between = (targets.unsqueeze(-2) >= places[..., 1:-1, :]).sum(-2, keepdim=True)
        inside = log_heights.gather(-2, between).squeeze(-2)
        falls_low = widths[..., 0, :] * float(LEVELS[0] / (LEVELS[1] - LEVELS[0]))
        falls_high = widths[..., -1, :] * float((1 - LEVELS[-1]) / (LEVELS[-1] - LEVELS[-2]))
        low, high = places[..., 0, :] - targets, targets - places[..., -1, :]
        return (inside - low.clamp(min=0) / falls_low - high.clamp(min=0) / falls_high).sum(-1)


def _places(parameters: Tensor) -> tuple[Tensor, Tensor]:
    """The quantiles `[..., Q, F]`, lowest first, and the distances between them `[..., Q - 1, F]`.

    Far from zero two quantiles may be one number in float32, and their distance is not zero.
    """
    raw = parameters.view(*parameters.shape[:-1], len(LEVELS), -1)
    widths = functional.softplus(raw[..., 1:, :]) + LEAST_STEP
    above = torch.cat([torch.zeros_like(widths[..., :1, :]), widths.cumsum(-2)], -2)
    below_median = above[..., MIDDLE : MIDDLE + 1, :] + 0.5 * widths[..., MIDDLE : MIDDLE + 1, :]
    return raw[..., :1, :] + (above - below_median), widths
