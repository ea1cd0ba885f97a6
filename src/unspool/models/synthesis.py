"""Graves 2013: Generating Sequences With Recurrent Neural Networks. arXiv:1308.0850, section 5: handwriting synthesis.

Writes a text by hand: N layers predict the next point of a pen, as in the prediction network (`models.graves`), and a
soft window over the text, moved by the first layer, is an input of all of them.

    h^1_t = H(W_{ih^1} x_t + W_{h^1 h^1} h^1_{t-1} + W_{wh^1} w_{t-1} + b^1)                          (52)
    w_t = Σ_u φ(t, u) c_u                                                                 (46-51), `nn.soft_window`
    h^n_t = H(W_{ih^n} x_t + W_{h^{n-1} h^n} h^{n-1}_t + W_{wh^n} w_t + W_{h^n h^n} h^n_{t-1} + b^n)  (53)
    ŷ_t = b_y + Σ_n W_{h^n y} h^n_t                                                                   (54)

The head is the density of equations 15 to 26. The paper's c_u is one-hot; here characters are embedded, and in both
cases W c_u is a row of a table. H is an LSTM; the paper's has peepholes, which is `cell = "lstm_peepholes"`. The paper
has three layers of 400, 10 Gaussians in the window and 20 in the head (section 5.2), and clips derivatives; here
gradients are clipped by their norm.

A drawing ends with the pen's third state (`distributions.ink`), which the paper does not have, or when the window has
passed the text, as in the paper (section 5.3): that is `done`. Only the first layer depends on the window's place,
so in `unroll` the layers above have no loop.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from unspool.config.models import SynthesisSettings
from unspool.kernels.recurrence import RnnState
from unspool.nn.attention import by_memory
from unspool.nn.cells import CELLS, Cell
from unspool.nn.dropout import Dropout, dropouts
from unspool.nn.entries import Entry, EntryOptions, source_entry, target_entry
from unspool.nn.masks import mask_of
from unspool.nn.output import AnyHead, Density, head_of
from unspool.nn.soft_window import SoftWindow, WindowText, attention_of, is_past, positions_of
from unspool.types import EOS, Dimensions, Sequences, Step


class SynthesisState(NamedTuple):
    """The state of every layer, and of the window: w `[R, E]` and κ `[R, K]`."""

    layers: tuple[RnnState, ...]
    vector: Tensor
    place: Tensor


class Synthesis(nn.Module):
    """Layers with skip connections, and a window over a text."""

    def __init__(
        self,
        characters: Entry,
        points: Entry,
        cells: Sequence[Cell],
        window: SoftWindow,
        head: AnyHead,
        dropout: Dropout,
    ) -> None:
        super().__init__()
        self.characters, self.points, self.window, self.head = characters, points, window, head
        self.cells = nn.ModuleList(cells)
        self.dropout = dropout

    @property
    def layers(self) -> list[Cell]:
        """The layers, bottom first."""
        return [cell for cell in self.cells if isinstance(cell, Cell)]

    def encode(self, source: Sequences[Tensor]) -> WindowText:
        """The vectors of the characters, and of EOS after them."""
        text = functional.pad(source.values, (0, 1))
        mask = mask_of(source.lengths + 1, text.shape[1])
        text = text.masked_fill(mask & ~mask_of(source.lengths, text.shape[1]), EOS)
        return WindowText(self.characters(text) * mask.unsqueeze(-1), mask)

    def start(self, memory: WindowText) -> tuple[Tensor, SynthesisState]:
        """The pen at rest, layers and w at zero, and the window before the text."""
        rows, chars = memory.characters.shape[0], memory.characters
        layers = tuple(cell.initial(rows) for cell in self.layers)
        place = chars.new_zeros(rows, self.window.components)
        first = self.points.first(rows, chars.device).to(chars.dtype)
        return first, SynthesisState(layers, chars.new_zeros(rows, chars.shape[-1]), place)

    def step(self, last: Tensor, state: SynthesisState, memory: WindowText) -> tuple[Step, SynthesisState]:
        """One step: (52), the window, (53)."""
        x, (bottom, *above) = self.points(last), self.layers
        moved = [bottom.step(bottom.input_projection(x), state.layers[0], state.vector)]
        vector, place, weights = self.window(moved[0][0], state.place, memory, positions_of(memory))
        outputs = [self.dropout(moved[0][0])]
        for cell, before in zip(above, state.layers[1:], strict=True):
            moved.append(cell.step(cell.input_projection(x), before, torch.cat([outputs[-1], vector], -1)))
            outputs.append(self.dropout(moved[-1][0]))
        seen = by_memory(weights, memory.mask.shape[0])
        attention, done = attention_of(seen, memory).flatten(0, 1), is_past(seen, memory).flatten(0, 1)
        return Step(torch.cat(outputs, -1), attention, done), SynthesisState(tuple(moved), vector, place)

    def unroll(self, inputs: Tensor, state: SynthesisState, memory: WindowText) -> tuple[Step, SynthesisState]:
        """All steps: a loop for the first layer and the window, and no loop for the layers above."""
        x, (bottom, *above) = self.points(inputs), self.layers
        first = self.window.unroll(bottom, x, (state.layers[0], state.vector, state.place), memory)
        outputs, finals = [self.dropout(first.hidden)], [first.state]
        for cell, before in zip(above, state.layers[1:], strict=True):
            higher, final = cell.unroll(torch.cat([x, outputs[-1], first.vectors], -1), before)
            outputs.append(self.dropout(higher))
            finals.append(final)
        step = Step(torch.cat(outputs, -1), attention_of(first.weights, memory), is_past(first.weights, memory))
        return step, SynthesisState(tuple(finals), first.vectors[:, -1], first.places[:, -1])


def build(settings: SynthesisSettings, dimensions: Dimensions) -> Synthesis:
    """A model from its settings."""
    s = settings
    drop = dropouts(s.dropout, s.embedding_dropout, locked=s.locked_dropout)
    options = EntryOptions(s.embedding_size, drop)
    characters, points = source_entry(dimensions.source, options), target_entry(dimensions.target, options)
    beside = points.size + characters.size
    return Synthesis(
        characters,
        points,
        [CELLS[s.cell](width, s.size, s.recurrent_dropout) for width in [beside] + [beside + s.size] * (s.layers - 1)],
        SoftWindow(s.size, s.window_components, s.pace),
        head_of(dimensions, s.layers * s.size, density=Density(components=s.components)),
        drop.states,
    )
