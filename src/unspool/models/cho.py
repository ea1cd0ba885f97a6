"""Cho et al. 2014: Learning Phrase Representations using RNN Encoder-Decoder for Statistical Machine Translation.

arXiv:1406.1078. The source becomes one vector, which is part of the decoder's input at every step.

    h_t = f(h_{t-1}, x_t)                          the encoder (1), in one direction
    c = tanh(V h_S)                                the summary of the source (appendix A.1.1)
    h'_0 = tanh(V' c)                              the decoder's first state (A.1.2)
    h'_t = f(h'_{t-1}, y_{t-1}, c)                 the recurrence: its input is [y; c] (section 2.2)
    s_t = maxout(O_h h'_t + O_y y_{t-1} + O_c c)   the maximum of each pair of units (A.1.2)
    p(y_t | y_<t, c) = softmax(G s_t)              the output depends on c, too

The paper's f is the unit that it introduced, but its two networks place the reset gate differently. The encoder has it
before the product, `tanh(W x + U (r∘h))` (A.1.1, as in (8)): that is `gru_reset_before`. The decoder has it after the
product, with c inside: `tanh(W' y + r'∘(U' h' + C c))` (A.1.2). Here the default cell, `gru`, has it after the product
in both, and C c is part of the input, like W' y, so the reset gate does not close it. G is one matrix, not a product of
two. With several layers, c is an input of the bottom one, computed from the encoder's top one.

c is constant, so `unroll` has no loop: the kernel reads [y; c]. `step` uses the input projection of c in the memory.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn

from unspool.config.models import ChoSettings
from unspool.nn.attention import by_memory
from unspool.nn.bridges import Projection
from unspool.nn.dropout import Dropout, dropouts
from unspool.nn.encoders import RecurrentEncoder, encoder_of
from unspool.nn.entries import Entry, EntryOptions, source_entry, target_entry
from unspool.nn.masks import last as last_real
from unspool.nn.maxout import Maxout
from unspool.nn.output import AnyHead, Density, head_of
from unspool.nn.stacks import LayerOptions, Stack, StackState, stack_of
from unspool.types import Dimensions, Sequences, Step


class ChoMemory(NamedTuple):
    """The summary of the source.

    summary:    `[B, D]` c
    projection: `[B, gates·D]` the input projection of c in the decoder's bottom layer, computed once
    first:      the decoder's first state, `[B, D]` each
    """

    summary: Tensor
    projection: Tensor
    first: StackState


class Cho(nn.Module):
    """The source in one vector, which is an input of every step."""

    def __init__(
        self,
        encoder: RecurrentEncoder,
        embedding: Entry,
        decoder: Stack,
        maxout: Maxout,
        head: AnyHead,
        dropout: Dropout,
    ) -> None:
        super().__init__()
        self.encoder, self.embedding, self.decoder, self.maxout, self.head = encoder, embedding, decoder, maxout, head
        # V, and V' of each layer
        self.summary = Projection(encoder.size, decoder.size, 1)
        self.first = nn.ModuleList([Projection(decoder.size, cell.size, cell.components) for cell in decoder.cells])
        self.dropout = dropout

    def encode(self, source: Sequences[Tensor]) -> ChoMemory:
        """c, its input projection, and the first states."""
        encoded = self.encoder(source)
        (c,) = self.summary((last_real(encoded.states, encoded.mask, encoded.final[-1][0]),))
        projection = self.decoder.cells[0].input_projection(c, self.embedding.size)
        return ChoMemory(c, projection, tuple(start((c,)) for start in self.first))

    def start(self, memory: ChoMemory) -> tuple[Tensor, StackState]:
        """BOS and `h'_0`."""
        return self.embedding.first(memory.summary.shape[0], memory.summary.device), memory.first

    def step(self, last: Tensor, state: StackState, memory: ChoMemory) -> tuple[Step, StackState]:
        """One step."""
        embedded = self.embedding(last)
        own = by_memory(self.decoder.cells[0].input_projection(embedded), memory.summary.shape[0])
        hidden, state = self.decoder.step_projected((own + memory.projection.unsqueeze(1)).flatten(0, 1), state)
        hidden, embedded = (by_memory(part, memory.summary.shape[0]) for part in (hidden, embedded))
        return Step(self._output(hidden, embedded, memory).flatten(0, 1)), state

    def unroll(self, inputs: Tensor, state: StackState, memory: ChoMemory) -> tuple[Step, StackState]:
        """All steps, without a loop."""
        embedded = self.embedding(inputs)
        hidden, state = self.decoder.unroll(torch.cat([embedded, _for_each(embedded, memory.summary)], -1), state)
        return Step(self._output(hidden, embedded, memory)), state

    def _output(self, hidden: Tensor, embedded: Tensor, memory: ChoMemory) -> Tensor:
        """`s_t` `[B, Q, D]` from `h'_t` and `y_{t-1}`, `[B, Q, ·]`."""
        return self.dropout(self.maxout(hidden, embedded, _for_each(hidden, memory.summary)))


def _for_each(x: Tensor, summary: Tensor) -> Tensor:
    """c `[B, D]` for every vector of x `[B, Q, ·]`."""
    return summary.unsqueeze(1).expand(-1, x.shape[1], -1)


def build(settings: ChoSettings, dimensions: Dimensions) -> Cho:
    """A model from its settings."""
    s = settings
    drop = dropouts(s.dropout, s.embedding_dropout, locked=s.locked_dropout)
    options = LayerOptions(drop.states, s.residual, s.layer_norm, recurrent_dropout=s.recurrent_dropout)
    entry = EntryOptions(s.embedding_size, drop)
    source = source_entry(dimensions.source, entry)
    encoder = encoder_of(source, s.encoder_cell, s.encoder_size, s.encoder_layers, options, both_ways=False)
    embedding = target_entry(dimensions.target, entry, source if s.tie_embeddings else None)
    return Cho(
        encoder,
        embedding,
        stack_of(s.decoder_cell, s.embedding_size + s.decoder_size, s.decoder_size, s.decoder_layers, options),
        Maxout(s.decoder_size + s.embedding_size + s.decoder_size, s.decoder_size),
        head_of(dimensions, s.decoder_size, embedding if s.tie_output else None, Density(s.density, s.components)),
        drop.states,
    )
