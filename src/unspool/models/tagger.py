"""Huang, Xu, Yu 2015: Bidirectional LSTM-CRF Models for Sequence Tagging. arXiv:1508.01991.

A label for each item of the source: the paper's BI-LSTM network (section 2.2), without the CRF on top.

    h_t = [→RNN(x_t); ←RNN(x_t)]                    over the whole source, past and future
    p(y_t | x) = softmax(W h_t + b)                 for each position separately

Labels do not depend on each other, so the decoder's inputs are ignored: the state is only the position, `unroll` has no
loop, and the model is done at the end of the source.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn

from unspool.config.models import TaggerSettings
from unspool.nn.dropout import Dropout, dropouts
from unspool.nn.encoders import RecurrentEncoder, encoder_of
from unspool.nn.entries import EntryOptions, source_entry
from unspool.nn.output import AnyHead, head_of
from unspool.nn.stacks import LayerOptions
from unspool.types import BOS, Dimensions, Sequences, Step


class TaggerMemory(NamedTuple):
    """The states `[B, S, D]` of all positions, zero at padding, and the lengths `[B]`."""

    states: Tensor
    lengths: Tensor


class Tagger(nn.Module):
    """Encode, then predict a label at each position of the source."""

    def __init__(self, encoder: RecurrentEncoder, head: AnyHead, dropout: Dropout) -> None:
        super().__init__()
        self.encoder, self.head = encoder, head
        self.dropout = dropout

    def encode(self, source: Sequences[Tensor]) -> TaggerMemory:
        """Read the source in both directions."""
        encoded = self.encoder(source)
        return TaggerMemory(self.dropout(encoded.states) * encoded.mask.unsqueeze(-1), source.lengths)

    def start(self, memory: TaggerMemory) -> tuple[Tensor, Tensor]:
        """BOS, and position 0 of each row, `[R]`."""
        return torch.full_like(memory.lengths, BOS), torch.zeros_like(memory.lengths)

    def step(self, last: Tensor, state: Tensor, memory: TaggerMemory) -> tuple[Step, Tensor]:
        """The label of one position."""
        positions = state.view(memory.lengths.shape[0], -1)
        step = self._labelled(positions, memory)
        return Step(step.output.flatten(0, 1), done=step.done.flatten()), state + 1

    def unroll(self, inputs: Tensor, state: Tensor, memory: TaggerMemory) -> tuple[Step, Tensor]:
        """The labels of the next positions, all at once."""
        positions = state.unsqueeze(1) + torch.arange(inputs.shape[1], device=state.device)
        return self._labelled(positions, memory), state + inputs.shape[1]

    def _labelled(self, positions: Tensor, memory: TaggerMemory) -> Step:
        """States `[B, Q, D]` at positions `[B, Q]`, zero after the end; done at the last one."""
        size = memory.states.shape[1]
        places = positions.clamp(max=size - 1).unsqueeze(-1).expand(-1, -1, memory.states.shape[-1])
        states = memory.states.gather(1, places) * (positions < size).unsqueeze(-1)
        return Step(states, done=positions + 1 >= memory.lengths.unsqueeze(1))


def build(settings: TaggerSettings, dimensions: Dimensions) -> Tagger:
    """A model from its settings."""
    s = settings
    drop = dropouts(s.dropout, s.embedding_dropout, locked=s.locked_dropout)
    options = LayerOptions(drop.states, s.residual, s.layer_norm, recurrent_dropout=s.recurrent_dropout)
    entry = EntryOptions(s.embedding_size, drop)
    source = source_entry(dimensions.source, entry)
    encoder = encoder_of(source, s.encoder_cell, s.encoder_size, s.encoder_layers, options)
    return Tagger(encoder, head_of(dimensions, s.encoder_size), drop.states)
