"""What every head over real values shares: a projection to the parameters of a density."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from unspool.kernels.precision import at_least_float
from unspool.nn.parameters import linear
from unspool.types import Distribution, Memory, Step


class ProjectedDensity(nn.Module):
    """A density over F features, whose parameters are a linear map of the network's output.

    Computed in float32 at least, for every precision of the network and with autocast. Targets are `[..., F]`.
    """

    distribution: Distribution

    def __init__(self, size: int, parameters: int) -> None:
        super().__init__()
        self.projection = linear(size, parameters, "output")

    def log_density(self, parameters: Tensor, targets: Tensor) -> Tensor:
        """Log-density of each target in nats, summed over features, as `distribution` has it."""
        raise NotImplementedError

    def loss(self, step: Step, targets: Tensor, memory: Memory, smoothing: float = 0.0) -> tuple[Tensor, Tensor]:
        """Negative log-density of each target in nats, summed over features, with and without gradient.

        `smoothing` is ignored, because a density has no symbols over which mass could be spread.
        """
        losses = -self.log_density(self.density_parameters(step, memory), targets)
        return losses, losses.detach()

    def log_prob(self, step: Step, targets: Tensor, memory: Memory) -> Tensor:
        """Log-density of each target in nats, summed over features."""
        return self.log_density(self.density_parameters(step, memory), targets)

    @torch.no_grad()
    def choose(self, step: Step, memory: Memory, *, drawn: bool) -> Tensor:
        """The mode, or a sample, `[R, F]`; by the distribution in NumPy."""
        parameters = self.density_parameters(step, memory)
        known, size = parameters.cpu().numpy(), parameters.shape[-1]
        if drawn:
            uniforms = torch.rand(*parameters.shape[:-1], self.distribution.count_uniforms(size), dtype=torch.float64)
            chosen = self.distribution.sample(known, uniforms.numpy())
        else:
            chosen = self.distribution.mode(known)
        return torch.from_numpy(chosen).to(parameters)

    def density_parameters(self, step: Step, memory: Memory) -> Tensor:
        """The parameters of `distribution`, `[..., P]`."""
        x, weight, bias = map(at_least_float, (step.output, self.projection.weight, self.projection.bias))
        kind = step.output.device.type
        if not torch.is_autocast_enabled(kind):
            return functional.linear(x, weight, bias)
        with torch.autocast(kind, enabled=False):
            return functional.linear(x, weight, bias)
