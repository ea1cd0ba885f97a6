"""The residual connection around a part of a layer, with dropout and layer normalisation."""

from __future__ import annotations

from torch import Tensor, nn

from unspool.kernels.precision import narrowed
from unspool.nn.dropout import Dropout


class Residual(nn.Module):
    """`LayerNorm(x + f(x))` (Vaswani et al. 2017, section 3.1), or `x + f(LayerNorm(x))` where the norm comes first.

    With the norm first nothing stands between the loss and any layer, so gradients arrive whole and training needs no
    long warm-up (Xiong et al. 2020). f is called between the two: `residual.after(x, f(residual.before(x)))`.
    """

    def __init__(self, size: int, dropout: float, *, norm_first: bool) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(size)
        self.dropout = Dropout(dropout)
        self.norm_first = norm_first

    def before(self, x: Tensor) -> Tensor:
        """The input of f, `[..., D]`: narrowed once for all products in f."""
        return narrowed(self.norm(x) if self.norm_first else x)

    def after(self, x: Tensor, output: Tensor) -> Tensor:
        """x and the output of f together, `[..., D]`."""
        joined = x + self.dropout(output)
        normed: Tensor = joined if self.norm_first else self.norm(joined)
        return normed
