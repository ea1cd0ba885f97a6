"""Arguments of PyTorch's own recurrent kernels."""

from __future__ import annotations

from torch import Tensor

# The options of every call: with biases, one layer, no dropout, for training, one direction, batch first.
OPTIONS = (True, 1, 0.0, True, False, True)


def first_state(state: Tensor, x: Tensor) -> Tensor:
    """A state `[B, D]` as `[1, B, D]` in the input's type, which may differ under autocast."""
    return state.to(x.dtype).contiguous().unsqueeze(0)
