"""Bridges: how an encoder's final state becomes a decoder's first one.

Everything crosses: each decoder layer takes the encoder layer of its own depth, both directions and, for an LSTM, both
h and c. Where the encoder is shallower, its topmost layer starts the rest; where it is deeper, its topmost layers
cross, since they have read the output of the ones below them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from unspool.nn.cells import Cell
from unspool.nn.parameters import linear
from unspool.nn.stacks import Bidirectional, Stack, StackState


class Bridge(nn.Module):
    """Copies what fits and projects what does not.

    Where sizes and components agree and nothing has to be mixed (one direction, the same cell), a state is handed over
    as it is (Sutskever et al. 2014; Luong et al. 2015). Otherwise all its components, side by side, are projected to
    all components of the decoder's layer: `tanh(W [h; c])` for h, as in Bahdanau et al. 2014, A.2.2, and `W [h; c]`
    for c, which is unbounded.
    """

    def __init__(self, encoder: Stack, decoder: Stack) -> None:
        super().__init__()
        top = len(encoder.layers) - 1
        skipped = max(0, len(encoder.layers) - len(decoder.layers))
        self.sources = [min(skipped + depth, top) for depth in range(len(decoder.layers))]
        pairs = zip((encoder.levels[source] for source in self.sources), decoder.cells, strict=True)
        self.crossings = nn.ModuleList([_crossing(below, above) for below, above in pairs])

    def forward(self, final: StackState) -> StackState:
        """Every encoder layer's final state to every decoder layer's first."""
        return tuple(cross(final[source]) for cross, source in zip(self.crossings, self.sources, strict=True))

    if TYPE_CHECKING:
        __call__ = forward


class BackwardBridge(nn.Module):
    """`s_0 = tanh(W_s ←h_1)`: only the backward state at the first word (Bahdanau et al. 2014, A.2.2).

    The encoder must read both ways; its top layer starts every decoder layer, each with its own W_s.
    """

    def __init__(self, encoder: Stack, decoder: Stack) -> None:
        super().__init__()
        self.backward_size = encoder.size // 2
        self.crossings = nn.ModuleList(
            [Projection(self.backward_size, above.size, above.components) for above in decoder.cells]
        )

    def forward(self, final: StackState) -> StackState:
        """The top layer's backward h to every decoder layer's first state."""
        backward = final[-1][0][:, self.backward_size :]
        return tuple(cross((backward,)) for cross in self.crossings)

    if TYPE_CHECKING:
        __call__ = forward


class Projection(nn.Module):
    """All components of one layer's state to all of another's."""

    def __init__(self, inputs: int, size: int, components: int) -> None:
        super().__init__()
        self.linear = linear(inputs, size * components)
        self.components = components

    def forward(self, state: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        """`[B, ·]` each, to `components` tensors `[B, D]`."""
        h, *c = self.linear(torch.cat(state, -1)).chunk(self.components, -1)
        return (torch.tanh(h), *c)


class Copy(nn.Module):
    """A state handed over as it is."""

    def forward(self, state: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        """The same tensors."""
        return state


def _crossing(below: Cell | Bidirectional, above: Cell) -> nn.Module:
    components = (below if isinstance(below, Cell) else below.ahead).components
    if isinstance(below, Cell) and (below.size, components) == (above.size, above.components):
        return Copy()
    return Projection(below.size * components, above.size, above.components)
