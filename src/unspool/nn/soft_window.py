"""A soft window over a text: it shows a writer where it is, and moves forward only.

Graves 2013, arXiv:1308.0850, section 5.1. At step t, K Gaussians lie over the positions u = 1 … U of the text:

    (α̂_t, β̂_t, κ̂_t) = W_{h^1 p} h^1_t + b_p                                                       (48)
    α_t = exp(α̂_t)      β_t = exp(β̂_t)      κ_t = κ_{t-1} + exp(κ̂_t)                            (49-51)
    φ(t, u) = Σ_k α_t^k exp(-β_t^k (κ_t^k - u)²)                                                     (46)
    w_t = Σ_u φ(t, u) c_u                                                                             (47)

c_U is EOS, which the paper's texts do not have: so the writer sees that nothing follows, where between two letters it
may see nothing for a moment. It is done when φ(t, U + 1) is larger than φ(t, u) of every position of the text (section
5.3), or when the window sees nothing at all.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch import Tensor, nn

from unspool.kernels.precision import at_least_float
from unspool.kernels.recurrence import RnnState
from unspool.kernels.soft_window import WindowStep, window_loop, window_step
from unspool.kernels.window_pass import WindowStart, fused_window_lstm
from unspool.nn.cells import Cell, LSTMCell, PeepholeLSTMCell
from unspool.nn.parameters import linear


class WindowText(NamedTuple):
    """The text under a window with its EOS: vectors `[B, S + 1, E]`, zero at padding, and their mask `[B, S + 1]`."""

    characters: Tensor
    mask: Tensor


class WindowOutput(NamedTuple):
    """One step: w `[R, E]`, κ `[R, K]`, and φ `[R, S + 2]` at u = 1 … S + 2, not masked."""

    vector: Tensor
    place: Tensor
    weights: Tensor


class WindowUnrolled(NamedTuple):
    """All steps of a layer and its window: h `[B, T, D]`, w, κ and φ `[B, T, ·]`, and the layer's last state."""

    hidden: Tensor
    vectors: Tensor
    places: Tensor
    weights: Tensor
    state: RnnState


class SoftWindow(nn.Module):
    """A window of K Gaussians, moved by a layer's output `[R, D]`.

    pace: the characters a step that the window moves at first
    """

    def __init__(self, size: int, components: int, pace: float) -> None:
        super().__init__()
        self.components = components
        self.linear = linear(size, 3 * components)
        with torch.no_grad():
            alpha, beta, kappa = self.linear.bias.view(3, components)
            alpha.fill_(-math.log(components))  # so that φ adds up to about one
            beta.zero_()
            kappa.fill_(math.log(pace))

    def forward(self, hidden: Tensor, place: Tensor, text: WindowText, positions: Tensor) -> WindowOutput:
        """One step from κ `[R, K]`; row r reads text r // (R / B). positions: see `positions_of`."""
        with torch.autocast(hidden.device.type, enabled=False):
            return WindowOutput(*window_step(self.linear(at_least_float(hidden)), place, text.characters, positions))

    def unroll(self, cell: Cell, x: Tensor, start: tuple[RnnState, Tensor, Tensor], text: WindowText) -> WindowUnrolled:
        """All steps of a layer over `[B, T, I]` and of the window that it moves; w is the last part of its next input.

        start: the layer's state, w `[B, E]` and κ `[B, K]` before the first step
        """
        layer, vector, place = start
        if isinstance(cell, LSTMCell | PeepholeLSTMCell):  # the only cells with a compiled pass
            before, window = WindowStart(layer[0], layer[1], vector, place), (self.linear.weight, self.linear.bias)
            peepholes = cell.peephole if isinstance(cell, PeepholeLSTMCell) else None
            passed = fused_window_lstm(x, before, cell.pass_weights(), window, text.characters, peepholes)
            if passed is not None:
                return WindowUnrolled(*passed[:4], (passed.hidden[:, -1], passed.cell))
        loop, move = cell.loop(x, vector.shape[-1]), self._loop(x.shape[1], text)
        steps = []
        for projection in loop.input_projections(x):
            layer = loop.step(projection, layer, vector)
            vector, place, weights = move(layer[0], place)
            steps.append((layer[0], vector, place, weights))
        hidden, vectors, places, all_weights = (torch.stack(parts, 1) for parts in zip(*steps, strict=True))
        return WindowUnrolled(hidden, vectors, places, all_weights, layer)

    def _loop(self, steps: int, text: WindowText) -> WindowStep:
        """The window for a loop of `steps` steps with one row for each text: from h `[B, D]` and κ `[B, K]`."""
        positions = positions_of(text)

        def plain(hidden: Tensor, place: Tensor) -> WindowOutput:
            return self(hidden, place, text, positions)  # type: ignore[no-any-return]

        return window_loop(plain, self.linear.weight, self.linear.bias, steps, text.characters, positions)


def positions_of(text: WindowText) -> Tensor:
    """u = 1 … S + 2, where S is the longest text of a batch without EOS."""
    count = text.mask.shape[1] + 1
    return torch.arange(1, count + 1, device=text.mask.device).to(text.characters.dtype)


def attention_of(weights: Tensor, text: WindowText) -> Tensor:
    """φ at the positions of each text without EOS, `[B, Q, S]`, from `[B, Q, S + 2]`; 0 at padding."""
    return weights[..., :-2] * text.mask[:, 1:].unsqueeze(1)


def is_past(weights: Tensor, text: WindowText) -> Tensor:
    """Whether the window has passed its text, `[B, Q]`, from φ `[B, Q, S + 2]`."""
    behind = text.mask.sum(1).view(-1, 1, 1).expand(-1, weights.shape[1], 1)
    highest = (weights[..., :-1] * text.mask.unsqueeze(1)).amax(-1)
    return (weights.gather(-1, behind).squeeze(-1) > highest) | (highest == 0)
