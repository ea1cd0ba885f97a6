"""A head over points of ink: a mixture of bivariate Gaussians, and the pen.

Graves 2013, arXiv:1308.0850, section 4.1, equations 15 to 26; see `distributions.ink` for the pen's third state.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

from unspool.distributions.ink import DOWN, EACH, END, LEAST_SCALE, MOST_CORRELATION, PLANE, STATES, UP, PenPoint
from unspool.nn.density_head import ProjectedDensity
from unspool.types import Distribution, Memory, Step

# The standard deviations with which the means of the components start, and the first probabilities of the pen.
SPREAD, FIRST_PEN = 0.5, (0.85, 0.14, 0.01)


class InkHead(ProjectedDensity):
    """The pen, and M bivariate Gaussians; see `distributions.ink` for the parameters. Targets are `[..., 3]`."""

    distribution: Distribution = PenPoint()

    def __init__(self, size: int, components: int) -> None:
        super().__init__(size, STATES + EACH * components)
        self.components = components
        with torch.no_grad():
            self.projection.bias[:STATES] = torch.tensor(FIRST_PEN).log()
            # Components that start alike would stay so for long.
            nn.init.normal_(self.projection.bias[STATES + components : STATES + 3 * components], std=SPREAD)

    def log_density(self, parameters: Tensor, targets: Tensor) -> Tensor:
        """See `ProjectedDensity` (23-26)."""
        count = self.components
        pen, weights, mean, raw, turn = torch.split(parameters, [STATES, count, 2 * count, 2 * count, count], -1)
        shape = (*parameters.shape[:-1], count, PLANE)
        scale = functional.softplus(raw.reshape(shape)) + LEAST_SCALE
        z = (targets[..., :PLANE].unsqueeze(-2) - mean.reshape(shape)) / scale
        rho = MOST_CORRELATION * torch.tanh(turn)
        rest = 1 - rho.square()
        distance = z.square().sum(-1) - 2 * rho * z[..., 0] * z[..., 1]
        heights = scale.log().sum(-1) + 0.5 * rest.log() + math.log(2 * math.pi)
        along = torch.logsumexp(torch.log_softmax(weights, -1) - 0.5 * distance / rest - heights, -1)
        place = targets[..., PLANE:].clamp(DOWN, END).long()
        return along + torch.log_softmax(pen, -1).gather(-1, place).squeeze(-1)

    def log_prob(self, step: Step, targets: Tensor, memory: Memory) -> Tensor:
        """Log-density of each target in nats; -inf for a pen without a state, whose loss is undefined."""
        state = targets[..., PLANE]
        known = (state == DOWN) | (state == UP) | (state == END)
        return super().log_prob(step, targets, memory).masked_fill(~known, -torch.inf)
