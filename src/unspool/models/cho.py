"""Cho et al. 2014: Learning Phrase Representations using RNN Encoder-Decoder for Statistical Machine Translation.

arXiv:1406.1078. The source becomes one vector, which is part of the decoder's input at every step.

    h_t = f(h_{t-1}, x_t)                          the encoder (1), in one direction
    c = tanh(V h_S)                                the summary of the source (appendix A.1.1)
    h'_0 = tanh(V' c)                              the decoder's first state (A.1.2)
    h'_t = f(h'_{t-1}, y_{t-1}, c)                 the recurrence: y and c are its input together (section 2.2)
    s_t = maxout(O_h h'_t + O_y y_{t-1} + O_c c)   pairs of units, the larger of each (A.1.2)
    p(y_t | y_<t, c) = softmax(G s_t)              the output sees c as well

The paper's f is the unit that this paper introduced (5)-(8), `gru_reset_before`; the default cell resets after the
product. Where A.1.2 puts C c under the decoder's reset gate, here it enters the candidate as y does. G is one matrix
here, not a product of two. With several layers, c is the input of the bottom one, drawn from the encoder's top one.

c is constant, so `unroll` has no loop: the kernel reads [y; c]. `step` finds the input projection of c in the memory.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn

from unspool.config import CellName, EncoderDecoderSettings
from unspool.nn.attention import by_memory
from unspool.nn.bridges import Projection
from unspool.nn.dropout import Dropout, dropouts
from unspool.nn.embedding import Embedding
from unspool.nn.encoders import RecurrentEncoder, encoder_of
from unspool.nn.features import source_embedding
from unspool.nn.heads import CategoricalHead
from unspool.nn.masks import last as last_real
from unspool.nn.maxout import Maxout
from unspool.nn.stacks import LayerOptions, Stack, StackState, stack_of
from unspool.types import BOS, Sequences, Sizes, Step

ENGLISH = (
    "An encoder squeezes the whole source into one vector, the summary c, and there is no attention.",
    "The decoder never loses sight of c: it drives every step of the recurrence and the choice of every symbol.",
    "The paper introduced the gated recurrent unit (GRU), which is the cell of both sides by default.",
)
KOREAN = (
    "인코더가 입력 시퀀스 전체를 요약 벡터 c 하나로 압축하며, 어텐션은 없습니다.",
    "디코더는 모든 단계의 순환 계산과 기호 예측에 c를 함께 사용하므로, 끝까지 입력의 요약을 참조합니다.",
    "게이트 순환 유닛(GRU)을 처음 제안한 논문이며, 기본 설정에서는 인코더와 디코더 모두 GRU를 사용합니다.",
)


class Settings(EncoderDecoderSettings):
    """The paper's unit, in its fast form; nothing else is the paper's own."""

    encoder_cell: CellName = "gru"
    decoder_cell: CellName = "gru"


class ChoMemory(NamedTuple):
    """All that is left of the source.

    summary:    `[B, D]` c
    projection: `[B, gates·D]` what c contributes to the gates of the decoder's bottom layer, computed once
    first:      the decoder's first state, `[B, D]` each
    """

    summary: Tensor
    projection: Tensor
    first: StackState


class Cho(nn.Module):
    """The source in one vector, seen at every step."""

    def __init__(
        self,
        encoder: RecurrentEncoder,
        embedding: Embedding,
        decoder: Stack,
        maxout: Maxout,
        head: CategoricalHead,
        dropout: Dropout,
    ) -> None:
        super().__init__()
        self.encoder, self.embedding, self.decoder, self.maxout, self.head = encoder, embedding, decoder, maxout, head
        # V, and V' of each layer
        self.summary = Projection(encoder.size, decoder.size, 1)
        self.first = nn.ModuleList([Projection(decoder.size, cell.size, cell.components) for cell in decoder.cells])
        self.dropout = dropout

    def encode(self, source: Sequences[Tensor]) -> ChoMemory:
        """Read to the end, and keep c, its input projection, and the first states made of it."""
        encoded = self.encoder(source)
        (c,) = self.summary((last_real(encoded.states, encoded.mask, encoded.final[-1][0]),))
        projection = self.decoder.cells[0].input_projection(c, self.embedding.size)
        return ChoMemory(c, projection, tuple(start((c,)) for start in self.first))

    def start(self, memory: ChoMemory) -> tuple[Tensor, StackState]:
        """BOS and `h'_0`."""
        return torch.full((memory.summary.shape[0],), BOS, device=memory.summary.device), memory.first

    def step(self, last: Tensor, state: StackState, memory: ChoMemory) -> tuple[Step, StackState]:
        """One word."""
        embedded = self.embedding(last)
        own = by_memory(self.decoder.cells[0].input_projection(embedded), memory.summary.shape[0])
        hidden, state = self.decoder.step_projected((own + memory.projection.unsqueeze(1)).flatten(0, 1), state)
        written = by_memory(torch.cat([hidden, embedded], -1), memory.summary.shape[0])
        return Step(self._output(written, memory).flatten(0, 1)), state

    def unroll(self, inputs: Tensor, state: StackState, memory: ChoMemory) -> tuple[Step, StackState]:
        """All words, without a loop."""
        embedded = self.embedding(inputs)
        hidden, state = self.decoder.unroll(_beside(embedded, memory.summary), state)
        return Step(self._output(torch.cat([hidden, embedded], -1), memory)), state

    def _output(self, written: Tensor, memory: ChoMemory) -> Tensor:
        """`s_t` `[B, Q, D]` of `[h'_t; y_{t-1}]` `[B, Q, ·]`."""
        return self.dropout(self.maxout(_beside(written, memory.summary)))


def _beside(x: Tensor, summary: Tensor) -> Tensor:
    """c `[B, D]` at the end of every vector of `[B, Q, ·]`."""
    return torch.cat([x, summary.unsqueeze(1).expand(-1, x.shape[1], -1)], -1)


def build(settings: Settings, sizes: Sizes) -> Cho:
    """From settings to finished parts."""
    s = settings
    drop = dropouts(s.dropout, s.embedding_dropout, locked=s.locked_dropout)
    options = LayerOptions(drop.states, s.residual, s.layer_norm, recurrent_dropout=s.recurrent_dropout)
    source = source_embedding(sizes, s.embedding_size, drop)
    encoder = encoder_of(source, s.encoder_cell, s.encoder_size, s.encoder_layers, options, both_ways=False)
    embedding = source.counterpart(sizes.target, tied=s.tie_embeddings)
    return Cho(
        encoder,
        embedding,
        stack_of(s.decoder_cell, s.embedding_size + s.decoder_size, s.decoder_size, s.decoder_layers, options),
        Maxout(s.decoder_size + s.embedding_size + s.decoder_size, s.decoder_size),
        CategoricalHead(s.decoder_size, sizes.target, embedding if s.tie_output else None),
        drop.states,
    )
