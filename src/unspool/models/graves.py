"""Graves 2013: Generating Sequences With Recurrent Neural Networks. arXiv:1308.0850.

Predicts the next item of a sequence from all items before it, by N layers with skip connections (section 2). The input
x_t is an input of every layer, the output of a layer is an input of the layer above, and the head reads all layers.

    h^1_t = H(W_{ih^1} x_t + W_{h^1 h^1} h^1_{t-1} + b^1)                                            (1)
    h^n_t = H(W_{ih^n} x_t + W_{h^{n-1} h^n} h^{n-1}_t + W_{h^n h^n} h^n_{t-1} + b^n)                (2)
    ŷ_t = b_y + Σ_n W_{h^n y} h^n_t                                                                  (3)
    Pr(x_{t+1} = k | y_t) = y_t^k = exp(ŷ_t^k) / Σ_k' exp(ŷ_t^k')                                    (12)
    L(x) = -Σ_t log Pr(x_{t+1} | y_t)                                                                (6)

H is an LSTM; the paper's has peepholes (7-11), which is `cell = "lstm_peepholes"`. The paper's x_t is one-hot; here
symbols are embedded, and in both cases W x_t is a row of a table. The paper clips the derivatives at the outputs and in
the cells; here gradients are clipped by their norm. The paper's models of text have one layer of 1000 and seven layers
of 700 (sections 3.1, 3.2).

Ink (section 4): x_t is a point of the pen as it is, and the head is the density of equations 15 to 26 (`nn.ink_head`).
The paper's models have three layers of 400, or one of 900, and 20 components (section 4.2).

The source is the text or the drawing so far (section 5.5: primed sampling). Only its last item and the state before
that are stored. An empty source starts a new one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn

from unspool.config.models import GravesSettings
from unspool.kernels.recurrence import RnnState
from unspool.nn.cells import CELLS, Cell
from unspool.nn.dropout import Dropout, dropouts
from unspool.nn.entries import Entry, EntryOptions, source_entry
from unspool.nn.masks import mask_of
from unspool.nn.output import AnyHead, Density, head_of
from unspool.types import Dimensions, Sequences, Step

GravesState = tuple[RnnState, ...]


class GravesMemory(NamedTuple):
    """What there is so far: its last item `[B, …]`, or the first input if there is none, and the state before it."""

    last: Tensor
    before: GravesState


class Graves(nn.Module):
    """Layers with skip connections."""

    def __init__(self, embedding: Entry, cells: Sequence[Cell], head: AnyHead, dropout: Dropout) -> None:
        super().__init__()
        self.embedding, self.head = embedding, head
        self.cells = nn.ModuleList(cells)
        self.dropout = dropout

    @property
    def layers(self) -> list[Cell]:
        """The layers, bottom first."""
        return [cell for cell in self.cells if isinstance(cell, Cell)]

    def encode(self, source: Sequences[Tensor]) -> GravesMemory:
        """Read what there is up to its last item, which is the first input of `step`."""
        rows, length = source.values.shape[:2]
        first = self.embedding.first(rows, source.values.device).to(source.values.dtype).unsqueeze(1)
        items = torch.cat([first, source.values], 1)
        initial = tuple(cell.initial(rows) for cell in self.layers)
        _, before = self._through(items[:, :-1], initial, mask_of(source.lengths, length))
        place = source.lengths.view(-1, 1, *[1] * (items.dim() - 2)).expand(-1, 1, *items.shape[2:])
        return GravesMemory(items.gather(1, place).squeeze(1), before)

    def start(self, memory: GravesMemory) -> tuple[Tensor, GravesState]:
        """The last item, and the state before it."""
        return memory.last, memory.before

    def step(self, last: Tensor, state: GravesState, memory: GravesMemory) -> tuple[Step, GravesState]:
        """One step; (1) and (2), with separate input projections of x_t and of the layer below."""
        x, outputs, moved = self.embedding(last), list[Tensor](), []
        for cell, before in zip(self.layers, state, strict=True):
            moved.append(cell.step(cell.input_projection(x), before, outputs[-1] if outputs else None))
            outputs.append(self.dropout(moved[-1][0]))
        return Step(torch.cat(outputs, -1)), tuple(moved)

    def unroll(self, inputs: Tensor, state: GravesState, memory: GravesMemory) -> tuple[Step, GravesState]:
        """All steps, layer after layer, without a loop over time."""
        hidden, state = self._through(inputs, state)
        return Step(hidden), state

    def _through(self, inputs: Tensor, state: GravesState, mask: Tensor | None = None) -> tuple[Tensor, GravesState]:
        """The concatenated outputs of all layers, `[B, T, N·D]`: so the head's matrix is that of (3)."""
        x, outputs, finals = self.embedding(inputs), [], []
        layer_input = x
        for cell, before in zip(self.layers, state, strict=True):
            hidden, final = cell.unroll(layer_input, before, mask)
            outputs.append(self.dropout(hidden))
            finals.append(final)
            layer_input = torch.cat([x, outputs[-1]], -1)
        return torch.cat(outputs, -1), tuple(finals)


def build(settings: GravesSettings, dimensions: Dimensions) -> Graves:
    """A model from its settings; source and target have one vocabulary, or are both ink."""
    s = settings
    drop = dropouts(s.dropout, s.embedding_dropout, locked=s.locked_dropout)
    embedding = source_entry(dimensions.source, EntryOptions(s.embedding_size, drop))
    widths = [embedding.size] + [embedding.size + s.size] * (s.layers - 1)
    return Graves(
        embedding,
        [CELLS[s.cell](width, s.size, s.recurrent_dropout) for width in widths],
        head_of(dimensions, s.layers * s.size, embedding if s.tie_output else None, Density(components=s.components)),
        drop.states,
    )
