"""Local attention: which part of the source a query may see (Luong, Pham, Manning 2015, section 3.2).

Around a position p_t lies the window [p_t - D, p_t + D]; weights are those of a softmax inside it. What lies
beyond the source is left out. Positions count from 1, as in the paper, and S is the length of the source.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from unspool.config.models import WindowName
from unspool.kernels.precision import at_least_float
from unspool.nn.attention import View
from unspool.nn.parameters import linear


class Window(nn.Module):
    """The whole source; also the interface of the other windows.

    counts: whether it needs the number of the step
    """

    counts = False

    def forward(self, query: Tensor, mask: Tensor, step: Tensor | None) -> View | None:
        """What queries `[B, Q, D]` of steps `[B, Q]`, counted from 0, see of real positions, mask `[B, S]`.

        None: all of them.
        """
        return None

    if TYPE_CHECKING:
        __call__ = forward


class MonotonicWindow(Window):
    """*local-m*: `p_t = t`; where a target is longer than its source, the window stays at the last position."""

    counts = True

    def __init__(self, reach: int) -> None:
        super().__init__()
        self.reach = reach

    def forward(self, query: Tensor, mask: Tensor, step: Tensor | None) -> View:
        """See the class."""
        assert step is not None
        centre = torch.minimum(step + 1, mask.sum(1, keepdim=True))
        return View(mask.unsqueeze(1) & (_distance(centre, mask).abs() <= self.reach))


class PredictiveWindow(Window):
    """*local-p*: `p_t = S·σ(v_pᵀ tanh(W_p h_t))` (9), weights times `exp(-(s - p_t)² / 2σ²)`, σ = D/2 (10).

    As the paper prints it, weights are not normalised again, so they add up to less than one.
    """

    def __init__(self, query_size: int, reach: int) -> None:
        super().__init__()
        self.reach = reach
        self.hidden = linear(query_size, query_size, bias=False)  # W_p
        self.v = linear(query_size, 1, bias=False)  # v_p

    def forward(self, query: Tensor, mask: Tensor, step: Tensor | None) -> View:
        """See the class."""
        share = torch.sigmoid(at_least_float(self.v(torch.tanh(self.hidden(query))))).squeeze(-1)
        distance = _distance(mask.sum(1, keepdim=True) * share, mask)
        scale = torch.exp(-2 * (distance / self.reach) ** 2)
        return View(mask.unsqueeze(1) & (distance.detach().abs() <= self.reach), scale)


def window_of(name: WindowName, query_size: int, reach: int) -> Window:
    """A window by its name; `reach` is D."""
    if name == "local-m":
        return MonotonicWindow(reach)
    return PredictiveWindow(query_size, reach) if name == "local-p" else Window()


def _distance(centre: Tensor, mask: Tensor) -> Tensor:
    """`s - p_t` of every position from every centre `[B, Q]`, `[B, Q, S]`."""
    return torch.arange(1, mask.shape[1] + 1, device=mask.device) - centre.unsqueeze(-1)
