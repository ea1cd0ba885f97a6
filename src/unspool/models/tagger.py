"""Huang, Xu, Yu 2015: Bidirectional LSTM-CRF Models for Sequence Tagging. arXiv:1508.01991.

A label for each item of the source: the paper's BI-LSTM network (section 2.2), without the CRF on top.

    h_t = [→RNN(x_t); ←RNN(x_t)]                    over the whole source, past and future
    p(y_t | x) = softmax(W h_t + b)                 at each position by itself

Labels do not see each other, so nothing that is fed matters: the state is only the position, `unroll` has no loop, and
the model is done at the source's length.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn

from unspool.config import EncoderSettings
from unspool.nn.class_head import ClassHead
from unspool.nn.dropout import Dropout, dropouts
from unspool.nn.encoders import RecurrentEncoder, encoder_of
from unspool.nn.features import source_embedding
from unspool.nn.stacks import LayerOptions
from unspool.types import BOS, Sequences, Sizes, Step

ENGLISH = (
    "A bidirectional recurrent network reads the whole sequence and names a label for each of its items.",
    "Each label is chosen by itself, from the state at its position, which has seen what comes before and what "
    "comes after.",
    "It is the paper's BI-LSTM network without the conditional random field on top, so labels do not see each other.",
)
KOREAN = (
    "양방향 순환 신경망이 시퀀스 전체를 읽고 항목마다 레이블을 하나씩 붙입니다.",
    "각 레이블은 그 위치의 은닉 상태로 따로따로 예측하며, 이 상태에는 앞뒤 문맥이 모두 담겨 있습니다.",
    "논문의 BI-LSTM 신경망에서 맨 위의 조건부 무작위장(CRF)을 뺀 것이어서, 레이블끼리는 서로를 보지 않습니다.",
)


class Settings(EncoderSettings):
    """The encoder's; it reads both ways."""


class TaggerMemory(NamedTuple):
    """The states `[B, S, D]` of all positions, zero at padding, and the lengths `[B]`."""

    states: Tensor
    lengths: Tensor


class Tagger(nn.Module):
    """Encode, then walk along the source."""

    def __init__(self, encoder: RecurrentEncoder, head: ClassHead, dropout: Dropout) -> None:
        super().__init__()
        self.encoder, self.head = encoder, head
        self.dropout = dropout

    def encode(self, source: Sequences[Tensor]) -> TaggerMemory:
        """Read in both directions."""
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


def build(settings: Settings, sizes: Sizes) -> Tagger:
    """From settings to finished parts."""
    s = settings
    drop = dropouts(s.dropout, s.embedding_dropout, locked=s.locked_dropout)
    options = LayerOptions(drop.states, s.residual, s.layer_norm, recurrent_dropout=s.recurrent_dropout)
    source = source_embedding(sizes, s.embedding_size, drop)
    encoder = encoder_of(source, s.encoder_cell, s.encoder_size, s.encoder_layers, options)
    return Tagger(encoder, ClassHead(s.encoder_size, sizes.target), drop.states)
