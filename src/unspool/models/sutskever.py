"""Sutskever, Vinyals, Le 2014: Sequence to Sequence Learning with Neural Networks. arXiv:1409.3215.

No attention: the decoder's first state is all that it gets of the source (section 2).

    v = state after reading x_S, …, x_1              the source in reverse order (section 3.3), through L layers
    p(y_1, …, y_T | x) = Π_t p(y_t | v, y_1, …, y_{t-1})                                             (1)

Figure 1: one network reads A B C <EOS> and generates W X Y Z <EOS>, where each generated word is the next input. That
single network is `shared = true`; the paper's experiments use two different LSTMs, one for the input and one for the
output sequence, which is `shared = false`. In both cases the decoder's first input is the source's <EOS>.
"""

from __future__ import annotations

from typing import NamedTuple

from torch import Tensor, nn

from unspool.config.models import SutskeverSettings
from unspool.nn.bridges import Bridge
from unspool.nn.dropout import Dropout, dropouts
from unspool.nn.entries import Entry, EntryOptions, source_entry, target_entry
from unspool.nn.masks import mask_of, reverse
from unspool.nn.output import AnyHead, Density, head_of
from unspool.nn.stacks import LayerOptions, Stack, StackState, stack_of
from unspool.types import EOS, Dimensions, Sequences, Step


class SutskeverMemory(NamedTuple):
    """The state v of every layer, `[B, D]` each."""

    first: StackState


class Sutskever(nn.Module):
    """The source in one vector."""

    def __init__(
        self,
        source_embedding: Entry,
        reader: Stack,
        embedding: Entry,
        writer: Stack,
        head: AnyHead,
        *,
        reverse_source: bool,
        dropout: Dropout,
    ) -> None:
        super().__init__()
        self.source_embedding, self.reader = source_embedding, reader
        self.embedding, self.writer, self.head = embedding, writer, head
        self.bridge = Bridge(reader, writer)
        self.reverse_source = reverse_source
        self.dropout = dropout

    def encode(self, source: Sequences[Tensor]) -> SutskeverMemory:
        """Read the source; returns the final state."""
        mask = mask_of(source.lengths, source.values.shape[1])
        ids = reverse(source.values, mask) if self.reverse_source else source.values
        _, v = self.reader.unroll(self.source_embedding(ids), self.reader.initial(ids.shape[0]), mask)
        return SutskeverMemory(self.bridge(v))

    def start(self, memory: SutskeverMemory) -> tuple[Tensor, StackState]:
        """The source's EOS and v."""
        h = memory.first[0][0]
        return self.embedding.first(h.shape[0], h.device, EOS), memory.first

    def step(self, last: Tensor, state: StackState, memory: SutskeverMemory) -> tuple[Step, StackState]:
        """One step."""
        hidden, state = self.writer.step(self.embedding(last), state)
        return Step(self.dropout(hidden)), state

    def unroll(self, inputs: Tensor, state: StackState, memory: SutskeverMemory) -> tuple[Step, StackState]:
        """All steps, without a loop."""
        hidden, state = self.writer.unroll(self.embedding(inputs), state)
        return Step(self.dropout(hidden)), state


def build(settings: SutskeverSettings, dimensions: Dimensions) -> Sutskever:
    """A model from its settings; with `shared`, encoder and decoder are the same part."""
    s = settings
    drop = dropouts(s.dropout, s.embedding_dropout, locked=s.locked_dropout)
    options = LayerOptions(drop.states, s.residual, s.layer_norm, recurrent_dropout=s.recurrent_dropout)
    reader = stack_of(s.encoder_cell, s.embedding_size, s.encoder_size, s.encoder_layers, options)
    writer = reader
    if not s.shared:
        writer = stack_of(s.decoder_cell, s.embedding_size, s.decoder_size, s.decoder_layers, options)
    entry = EntryOptions(s.embedding_size, drop)
    source = source_entry(dimensions.source, entry)
    embedding = target_entry(dimensions.target, entry, source if s.tie_embeddings else None)
    return Sutskever(
        source,
        reader,
        embedding,
        writer,
        head_of(dimensions, s.decoder_size, embedding if s.tie_output else None, Density(s.density, s.components)),
        reverse_source=s.reverse_source,
        dropout=drop.states,
    )
