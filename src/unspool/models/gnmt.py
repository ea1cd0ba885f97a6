"""Wu et al. 2016: Google's Neural Machine Translation System: Bridging the Gap between Human and Machine Translation.

arXiv:1609.08144. Many layers on both sides, attention used by the lowest decoder layer alone, so that the others need
not wait for it (section 3, figure 1):

    x_1, …, x_S = Encoder(source)                  (1), its first layer in both directions (3.2), the others forwards
    s_t = score(d_{i-1}, x_t),  p = softmax(s)     (4): one hidden layer; d is the bottom decoder layer's output
    a_i = Σ_t p_t x_t                              (4), the context
    d_i = LSTM_1(d_{i-1}, [y_{i-1}; a_i])          the one recurrence that runs through the attention
    m^l_i = LSTM_l(m^l_{i-1}, [x^{l-1}_i; a_i])    every decoder layer sees the context
    x^l_i = m^l_i + x^{l-1}_i                      (6), residual connections from the third layer on, on both sides
    p(y_i | y_<i, x) = softmax(x^L_i)              (3), from the output of the top layer

The paper has 8 + 8 layers of 1024; the default is 4 + 4 of 256. What (6) adds is x^{l-1} without the context. The
paper does not say where the decoder starts; here every encoder layer's last state crosses to it. In `unroll` only the
bottom layer loops; the layers above it, where the depth is, are kernel calls over all steps.
"""

from __future__ import annotations

import torch
from pydantic import Field
from torch import Tensor, nn

from unspool.config import EncoderDecoderSettings
from unspool.nn.attentional import AttentionState
from unspool.nn.bridges import Bridge
from unspool.nn.dropout import Dropout, dropouts
from unspool.nn.embedding import Embedding
from unspool.nn.encoders import AttentionMemory, RecurrentEncoder
from unspool.nn.features import source_embedding
from unspool.nn.heads import CategoricalHead
from unspool.nn.recurrent_attention import unroll_with_attention
from unspool.nn.scores import AdditiveScore
from unspool.nn.stacks import LayerOptions, Stack, StackState, bidirectional_stack_of
from unspool.types import BOS, Sequences, Sizes, Step

ENGLISH = (
    "Encoder and decoder are deep, four LSTM layers each by default and eight in the paper; only the encoder's "
    "first layer reads in both directions.",
    "Only the decoder's bottom layer asks the attention, and every layer above it is given the context that was found.",
    "Residual connections from the third layer on keep the deep stacks trainable, and since the upper layers "
    "do not wait for the attention, training computes each of them for all steps at once.",
)
KOREAN = (
    "인코더와 디코더는 LSTM을 여러 층(기본 설정은 4층, 논문은 8층) 쌓은 깊은 신경망이며, 인코더의 첫 층만 "
    "양방향입니다.",
    "디코더의 가장 아래층만 어텐션을 계산하고, 그 결과인 문맥 벡터는 위의 모든 층에도 입력됩니다.",
    "셋째 층부터 있는 잔차 연결 덕분에 층이 깊어도 잘 학습되며, 위층은 어텐션을 기다리지 않으므로 학습할 때 "
    "모든 단계를 한꺼번에 계산합니다.",
)


class Settings(EncoderDecoderSettings):
    """Of the paper: depth, residual connections, and the size of the attention's hidden layer."""

    encoder_size: int = Field(default=256, ge=2, description="width of its output, both directions together")
    encoder_layers: int = Field(default=4, ge=1, description="the first reads both ways, the others forwards")
    decoder_size: int = Field(default=256, ge=1)
    decoder_layers: int = Field(default=4, ge=1)
    residual: bool = Field(default=True, description="from the third layer on, add its input to its output")
    attention_size: int = Field(default=256, ge=1, description="width of the attention's hidden layer")


class GNMT(nn.Module):
    """Deep, with attention through the bottom decoder layer."""

    def __init__(
        self,
        encoder: RecurrentEncoder,
        embedding: Embedding,
        decoder: Stack,
        score: AdditiveScore,
        head: CategoricalHead,
        dropout: Dropout,
    ) -> None:
        super().__init__()
        self.encoder, self.embedding, self.decoder, self.score, self.head = encoder, embedding, decoder, score, head
        self.bridge = Bridge(encoder.stack, decoder)
        self.dropout = dropout

    def encode(self, source: Sequences[Tensor]) -> AttentionMemory:
        """(1), the keys of the score, and the decoder's first state."""
        encoded = self.encoder(source)
        keys = self.score.keys(encoded.states)
        return AttentionMemory(encoded.states, keys, encoded.mask, self.bridge(encoded.final))

    def start(self, memory: AttentionMemory) -> tuple[Tensor, StackState]:
        """BOS, and every layer's first state."""
        return torch.full((memory.mask.shape[0],), BOS, device=memory.mask.device), memory.first

    def step(self, last: Tensor, state: StackState, memory: AttentionMemory) -> tuple[Step, StackState]:
        """One word."""
        step, state = self.unroll(last.unsqueeze(1), state, memory)
        return Step(step.output.squeeze(1), step.attention.squeeze(1)), state

    def unroll(self, inputs: Tensor, state: StackState, memory: AttentionMemory) -> tuple[Step, StackState]:
        """All words: the bottom layer in a loop, then the others over all steps at once."""
        embedded, bottom = self.embedding(inputs), self.decoder.cells[0]
        d = unroll_with_attention(bottom, self.score, embedded, state[0], AttentionState(), memory)
        top, above = self.decoder.unroll_above(d.hidden, state, beside=d.contexts)
        return Step(self.dropout(top), d.weights), (d.state, *above)


def build(settings: Settings, sizes: Sizes) -> GNMT:
    """From settings to finished parts."""
    s = settings
    drop = dropouts(s.dropout, s.embedding_dropout, locked=s.locked_dropout)
    options = LayerOptions(drop.states, s.residual, s.layer_norm, 2, s.recurrent_dropout)
    first = bidirectional_stack_of(s.encoder_cell, s.embedding_size, s.encoder_size, 1, options)
    above = [options.cell(s.encoder_cell, s.encoder_size, s.encoder_size) for _ in range(s.encoder_layers - 1)]
    below = [s.embedding_size] + [s.decoder_size] * (s.decoder_layers - 1)
    source = source_embedding(sizes, s.embedding_size, drop)
    embedding = source.counterpart(sizes.target, tied=s.tie_embeddings)
    return GNMT(
        RecurrentEncoder(source, Stack([*first.levels, *above], options)),
        embedding,
        Stack([options.cell(s.decoder_cell, size + s.encoder_size, s.decoder_size) for size in below], options),
        AdditiveScore(s.decoder_size, s.encoder_size, s.attention_size),
        CategoricalHead(s.decoder_size, sizes.target, embedding if s.tie_output else None),
        drop.states,
    )
