"""Huang, Xu, Yu 2015: Bidirectional LSTM-CRF Models for Sequence Tagging. arXiv:1508.01991.

A label, or a step of real values, for each item of the source: the paper's BI-LSTM network (section 2.2), without the
CRF on top.

    h_t = [→RNN(x_t); ←RNN(x_t)]                    over the whole source, past and future
    p(y_t | x) = softmax(W h_t + b)                 for each position separately; of real values a density

Answers do not depend on each other, so the decoder's inputs are ignored: the state is only the position, `unroll` has
no loop, and the model is done at the end of the source.

With `bidirectional=false` it is the paper's LSTM network (section 2.1): h_t = →RNN(x_t) depends on the past alone. Then
the recurrence is in `step` and its state is carried, so a source may come in pieces of any length, one after another.
"""

from __future__ import annotations

from typing import ClassVar, NamedTuple

import torch
from torch import Tensor, nn

from unspool.config.models import TaggerSettings
from unspool.nn.dropout import Dropout, dropouts
from unspool.nn.encoders import RecurrentEncoder, encoder_of
from unspool.nn.entries import Entry, EntryOptions, FirstItem, first_item, source_entry
from unspool.nn.masks import mask_of
from unspool.nn.output import AnyHead, Density, head_of
from unspool.nn.stacks import LayerOptions, Stack, StackState, stack_of
from unspool.types import Dimensions, Sequences, Step


class TaggerMemory(NamedTuple):
    """The states, or only the embedded items, `[B, S, D]` of all positions, zero at padding, and the lengths `[B]`."""

    states: Tensor
    lengths: Tensor

    def at(self, positions: Tensor) -> Tensor:
        """The states `[B, Q, D]` at positions `[B, Q]`, zero after the end."""
        size = self.states.shape[1]
        places = positions.clamp(max=size - 1).unsqueeze(-1).expand(-1, -1, self.states.shape[-1])
        return self.states.gather(1, places) * (positions < size).unsqueeze(-1)

    def done(self, positions: Tensor) -> Tensor:
        """`[B, Q]` True at the last position and after it."""
        return positions + 1 >= self.lengths.unsqueeze(1)


class Tagger(nn.Module):
    """Encode in both directions, then predict the answer at each position of the source."""

    def __init__(self, encoder: RecurrentEncoder, head: AnyHead, dropout: Dropout, first: FirstItem) -> None:
        super().__init__()
        self.encoder, self.head, self.first = encoder, head, first
        self.dropout = dropout

    def encode(self, source: Sequences[Tensor]) -> TaggerMemory:
        """Read the source in both directions."""
        encoded = self.encoder(source)
        return TaggerMemory(self.dropout(encoded.states) * encoded.mask.unsqueeze(-1), source.lengths)

    def start(self, memory: TaggerMemory) -> tuple[Tensor, Tensor]:
        """The first item, and position 0 of each row, `[R]`."""
        return self.first(memory.lengths), torch.zeros_like(memory.lengths)

    def step(self, last: Tensor, state: Tensor, memory: TaggerMemory) -> tuple[Step, Tensor]:
        """The answer at one position."""
        positions = state.view(memory.lengths.shape[0], -1)
        return Step(memory.at(positions).flatten(0, 1), done=memory.done(positions).flatten()), state + 1

    def unroll(self, inputs: Tensor, state: Tensor, memory: TaggerMemory) -> tuple[Step, Tensor]:
        """The answers at the next positions, all at once."""
        positions = state.unsqueeze(1) + torch.arange(inputs.shape[1], device=state.device)
        return Step(memory.at(positions), done=memory.done(positions)), state + inputs.shape[1]


class OneWayState(NamedTuple):
    """The next position `[R]`, and the state of every layer before it."""

    position: Tensor
    layers: StackState


class OneWayTagger(nn.Module):
    """Embed the items, then read one more at each step and predict its answer."""

    # The parts of the state that go on when a source goes on in another memory: positions begin again.
    carries: ClassVar[tuple[str, ...]] = ("layers",)

    def __init__(self, entry: Entry, stack: Stack, head: AnyHead, dropout: Dropout, first: FirstItem) -> None:
        super().__init__()
        self.entry, self.stack, self.head, self.first = entry, stack, head, first
        self.dropout = dropout

    def encode(self, source: Sequences[Tensor]) -> TaggerMemory:
        """Embed the source; nothing is read yet."""
        mask = mask_of(source.lengths, source.values.shape[1])
        return TaggerMemory(self.entry(source.values) * mask.unsqueeze(-1), source.lengths)

    def start(self, memory: TaggerMemory) -> tuple[Tensor, OneWayState]:
        """The first item, and the state before the source."""
        initial = self.stack.initial(memory.lengths.shape[0])
        return self.first(memory.lengths), OneWayState(torch.zeros_like(memory.lengths), initial)

    def step(self, last: Tensor, state: OneWayState, memory: TaggerMemory) -> tuple[Step, OneWayState]:
        """Read one item; its answer."""
        positions = state.position.view(memory.lengths.shape[0], -1)
        outputs, layers = self.stack.step(memory.at(positions).flatten(0, 1), state.layers)
        return Step(self.dropout(outputs), done=memory.done(positions).flatten()), OneWayState(
            state.position + 1, layers
        )

    def unroll(self, inputs: Tensor, state: OneWayState, memory: TaggerMemory) -> tuple[Step, OneWayState]:
        """Read as many items as there are inputs; their answers."""
        count = inputs.shape[1]
        positions = state.position.unsqueeze(1) + torch.arange(count, device=state.position.device)
        outputs, layers = self.stack.unroll(memory.at(positions), state.layers)
        return Step(self.dropout(outputs), done=memory.done(positions)), OneWayState(state.position + count, layers)


def build(settings: TaggerSettings, dimensions: Dimensions) -> Tagger | OneWayTagger:
    """A model from its settings."""
    s = settings
    drop = dropouts(s.dropout, s.embedding_dropout, locked=s.locked_dropout)
    options = LayerOptions(drop.states, s.residual, s.layer_norm, recurrent_dropout=s.recurrent_dropout)
    source = source_entry(dimensions.source, EntryOptions(s.embedding_size, drop))
    head = head_of(dimensions, s.encoder_size, density=Density(s.density, s.components))
    first = first_item(dimensions.target)
    if s.bidirectional:
        encoder = encoder_of(source, s.encoder_cell, s.encoder_size, s.encoder_layers, options)
        return Tagger(encoder, head, drop.states, first)
    stack = stack_of(s.encoder_cell, source.size, s.encoder_size, s.encoder_layers, options)
    return OneWayTagger(source, stack, head, drop.states, first)
