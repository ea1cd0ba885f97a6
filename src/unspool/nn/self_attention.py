"""The layers of a Transformer, whose positions attend to each other (Vaswani et al. 2017, section 3.1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from unspool.errors import Mistake
from unspool.kernels.precision import narrowed
from unspool.nn.dropout import Dropout
from unspool.nn.multihead import MultiHead, visible_before, visible_in
from unspool.nn.parameters import linear


class Residual(nn.Module):
    """`LayerNorm(x + f(x))` (Vaswani et al. 2017, section 3.1), or `x + f(LayerNorm(x))` with `norm_first`.

    With the norm first, there is a direct path from the loss to every layer, so gradients are not scaled and training
    needs no long warm-up (Xiong et al. 2020). f is called by the user: `residual.after(x, f(residual.before(x)))`.
    """

    def __init__(self, size: int, dropout: float, *, norm_first: bool) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(size)
        self.dropout = Dropout(dropout)
        self.norm_first = norm_first

    def before(self, x: Tensor) -> Tensor:
        """The input of f, `[..., D]`, converted once to the type of all products in f."""
        return narrowed(self.norm(x) if self.norm_first else x)

    def after(self, x: Tensor, output: Tensor) -> Tensor:
        """The sum of x and the output of f, `[..., D]`, after dropout and, if it comes last, the norm."""
        joined = x + self.dropout(output)
        normed: Tensor = joined if self.norm_first else self.norm(joined)
        return normed


class FeedForward(nn.Module):
    """`FFN(x) = max(0, x W_1 + b_1) W_2 + b_2` (2), for each position separately: `[..., D]` to `[..., D]`."""

    def __init__(self, size: int, inner: int) -> None:
        super().__init__()
        self.inner, self.outer = linear(size, inner), linear(inner, size)
        for layer in (self.inner, self.outer):
            nn.init.xavier_uniform_(layer.weight)
            nn.init.zeros_(layer.bias)

    def forward(self, x: Tensor) -> Tensor:
        """See the class."""
        output: Tensor = self.outer(torch.relu(self.inner(x)))
        return output

    if TYPE_CHECKING:
        __call__ = forward


class EncoderLayer(nn.Module):
    """Self-attention, then FFN, each with a residual connection."""

    def __init__(self, attention: MultiHead, feed_forward: FeedForward, around: Sequence[Residual]) -> None:
        super().__init__()
        self.attention, self.feed_forward = attention, feed_forward
        self.around_attention, self.around_feed_forward = around

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """The outputs of all positions `[B, S, D]`."""
        inner = self.around_attention.before(x)
        x = self.around_attention.after(x, self.attention(inner, self.attention.read(inner, mask), visible_in(mask)))
        return self.around_feed_forward.after(x, self.feed_forward(self.around_feed_forward.before(x)))

    if TYPE_CHECKING:
        __call__ = forward


class DecoderLayer(nn.Module):
    """Self-attention over the items so far, attention over the source, then FFN."""

    def __init__(
        self, attention: MultiHead, cross: MultiHead, feed_forward: FeedForward, around: Sequence[Residual]
    ) -> None:
        super().__init__()
        self.attention, self.cross, self.feed_forward = attention, cross, feed_forward
        self.around_attention, self.around_cross, self.around_feed_forward = around

    def forward(self, x: Tensor, written: Tensor, source: Tensor, visible: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Outputs for new positions `[R, T, D]`, the extended state, and the cross-attention queries `[B, K·T, D]`.

        written: keys and values of the positions so far; source: keys and values `[B, S, 2D]`
        visible: the positions of the source that may be attended to, `[B, 1, 1, S]`
        """
        inner = self.around_attention.before(x)
        past, written = written.shape[1], torch.cat([written, self.attention.read(inner)], 1)
        attended = self.attention(inner, written, visible_before(x.shape[1], past, x.device))
        x = self.around_attention.after(x, attended)
        queries = self.around_cross.before(x).reshape(visible.shape[0], -1, x.shape[-1])
        x = self.around_cross.after(x, self.cross(queries, source, visible).view_as(x))
        x = self.around_feed_forward.after(x, self.feed_forward(self.around_feed_forward.before(x)))
        return x, written, queries

    if TYPE_CHECKING:
        __call__ = forward


@dataclass(frozen=True, slots=True)
class LayerPlan:
    """The common options of all layers of a network; creates layers, each with its own weights.

    size, heads: D, and the number of heads that divide it; inner: the width inside FFN
    norm_first:  normalise before each part, with one more norm after the last layer; otherwise after each part
    """

    size: int
    heads: int
    inner: int
    dropout: float
    norm_first: bool

    def __post_init__(self) -> None:
        if self.size % 2 or self.size % self.heads:
            what = f"A size of {self.size} cannot be divided among {self.heads} heads, or is odd."
            raise Mistake(what, "Make model.size an even multiple of model.heads.")

    def encoder_layer(self) -> EncoderLayer:
        """A new layer of the encoder."""
        return EncoderLayer(self._attention(), self._feed_forward(), self._around(2))

    def decoder_layer(self) -> DecoderLayer:
        """A new layer of the decoder."""
        return DecoderLayer(self._attention(), self._attention(), self._feed_forward(), self._around(3))

    def on_top(self) -> nn.Module:
        """The norm after the last layer, or the identity."""
        return nn.LayerNorm(self.size) if self.norm_first else nn.Identity()

    def _attention(self) -> MultiHead:
        return MultiHead(self.size, self.heads)

    def _feed_forward(self) -> FeedForward:
        return FeedForward(self.size, self.inner)

    def _around(self, parts: int) -> list[Residual]:
        return [Residual(self.size, self.dropout, norm_first=self.norm_first) for _ in range(parts)]
