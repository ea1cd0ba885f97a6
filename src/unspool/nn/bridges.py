"""Bridges: from an encoder's final state to a decoder's first state.

Each decoder layer gets the state of the encoder layer of the same depth: both directions and, for an LSTM, both h and
c. If the encoder has fewer layers, its top layer is used for the remaining ones. If it has more, its top layers are
used, because they have read the outputs of the layers below.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from unspool.kernels.precision import at_least_float
from unspool.nn.cells import Cell
from unspool.nn.parameters import linear
from unspool.nn.stacks import Bidirectional, Stack, StackState


class Bridge(nn.Module):
    """Copies states that fit and projects the others.

    If sizes and components agree and there is one direction, a state is copied (Sutskever et al. 2014; Luong et al.
    2015). Otherwise the concatenation of its components is projected to all components of the decoder's layer:
    `tanh(W [h; c])` for h, as in Bahdanau et al. 2014, A.2.2, and `W [h; c]` for c, which is unbounded.
    """

    def __init__(self, encoder: Stack, decoder: Stack) -> None:
        super().__init__()
        top = len(encoder.layers) - 1
        skipped = max(0, len(encoder.layers) - len(decoder.layers))
        self.sources = [min(skipped + depth, top) for depth in range(len(decoder.layers))]
        pairs = zip((encoder.levels[source] for source in self.sources), decoder.cells, strict=True)
        self.crossings = nn.ModuleList([_crossing(below, above) for below, above in pairs])

    def forward(self, final: StackState) -> StackState:
        """The first states of the decoder's layers from the final states of the encoder's layers."""
        return tuple(cross(final[source]) for cross, source in zip(self.crossings, self.sources, strict=True))

    if TYPE_CHECKING:
        __call__ = forward


class BackwardBridge(nn.Module):
    """`s_0 = tanh(W_s ←h_1)`: only the backward state at the first word (Bahdanau et al. 2014, A.2.2).

    The encoder must be bidirectional. Every decoder layer starts from its top layer, each with its own W_s.
    """

    def __init__(self, encoder: Stack, decoder: Stack) -> None:
        super().__init__()
        self.backward_size = encoder.size // 2
        self.crossings = nn.ModuleList(
            [Projection(self.backward_size, above.size, above.components) for above in decoder.cells]
        )

    def forward(self, final: StackState) -> StackState:
        """The first states of the decoder's layers from the top layer's backward h."""
        backward = final[-1][0][:, self.backward_size :]
        return tuple(cross((backward,)) for cross in self.crossings)

    if TYPE_CHECKING:
        __call__ = forward


class Projection(nn.Module):
    """A projection of all components of one layer's state to all components of another layer's state."""

    def __init__(self, inputs: int, size: int, components: int) -> None:
        super().__init__()
        self.linear = linear(inputs, size * components, maps=components)
        self.components = components

    def forward(self, state: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        """`[B, ·]` each, to `components` tensors `[B, D]`."""
        h, *c = self.linear(torch.cat(state, -1)).chunk(self.components, -1)
        return (torch.tanh(at_least_float(h)), *c)


class Copy(nn.Module):
    """Copies a state without changes."""

    def forward(self, state: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        """The same tensors."""
        return state


def _crossing(below: Cell | Bidirectional, above: Cell) -> nn.Module:
    components = (below if isinstance(below, Cell) else below.ahead).components
    if isinstance(below, Cell) and (below.size, components) == (above.size, above.components):
        return Copy()
    return Projection(below.size * components, above.size, above.components)
