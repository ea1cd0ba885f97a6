"""Local attention: the part of the source that a query may attend to (Luong, Pham, Manning 2015, section 3.2).

The window is [p_t - D, p_t + D] around a position p_t; the softmax is computed inside it. Positions outside the source
are left out. Positions are counted from 1, as in the paper, and S is the length of the source.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from unspool.config.model_families import WindowName
from unspool.kernels.precision import at_least_float
from unspool.nn.attention import View
from unspool.nn.parameters import linear


class Window(nn.Module):
    """The whole source; also the interface of the other windows.

    counts: whether it needs the number of the step
    """

    counts = False

    def forward(self, query: Tensor, mask: Tensor, step: Tensor | None) -> View | None:
        """The view of queries `[B, Q, D]` in steps `[B, Q]`, counted from 0, of the real positions, mask `[B, S]`.

        None: all real positions.
        """
        return None

    if TYPE_CHECKING:
        __call__ = forward


class MonotonicWindow(Window):
    """*local-m*: `p_t = t`; if a target is longer than its source, the window stays at the last position."""

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

    As in the paper, weights are not normalised again, so their sum is less than 1.
    """

    def __init__(self, query_size: int, reach: int) -> None:
        super().__init__()
        self.reach = reach
        self.hidden = linear(query_size, query_size, bias=False)  # W_p
        self.v = linear(query_size, 1, bias=False)  # v_p

    def forward(self, query: Tensor, mask: Tensor, step: Tensor | None) -> View:
        """See the class."""
        share = torch.sigmoid(at_least_float(self.v(torch.tanh(at_least_float(self.hidden(query)))))).squeeze(-1)
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
