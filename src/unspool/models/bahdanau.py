"""Bahdanau, Cho, Bengio 2014: Neural Machine Translation by Jointly Learning to Align and Translate. arXiv:1409.0473.

Attention inside the recurrence: before each step, the decoder attends to the source with its last state as the query
(`nn.recurrent_attention`).

    h_j = [→h_j; ←h_j]                               bidirectional encoder (section 3.2)
    e_ij = vᵀ tanh(W s_{i-1} + U h_j)                the alignment model (A.1.2); U h_j is computed once
    α_ij = softmax_j e_ij,  c_i = Σ_j α_ij h_j       (6), (5)
    s_i = f(s_{i-1}, y_{i-1}, c_i)                   the recurrence: y and c are its input together (A.1.1)
    t_i = maxout(U_o s_i + V_o y_{i-1} + C_o c_i)    (A.2.2)
    p(y_i | y_<i, x) = softmax(W_o t_i)              (4)

The first state is `tanh(W_s ←h_1)` in the paper (`first_state = "backward"`); by default both directions cross.
The paper's recurrence is `gru_reset_before`; the default cell resets after the product. In (4) the output sees s_i,
in A.2.2 it is printed with s_{i-1}; this is (4). Layers above the first do not take part in the attention, so they
and the output are computed for all steps at once: only the bottom layer loops.

With `coverage` the alignment model also sees how much weight each h_j has had so far, `c_i = Σ_{i' < i} α_i'`:
`e_ij = vᵀ tanh(W s_{i-1} + U h_j + w_c c_ij + b)` (See, Liu, Manning 2017, arXiv:1704.04368, eq. 11). With `copying`
symbols of the source are copied as they are (`nn.copying`, the same paper).
"""

from __future__ import annotations

from typing import Literal

import torch
from pydantic import Field
from torch import Tensor, nn

from unspool.config import AttendingSettings, CellName
from unspool.nn.attentional import DecoderState, first_attention_state
from unspool.nn.bridges import BackwardBridge, Bridge
from unspool.nn.copying import CopyingHead, FoldingEmbedding
from unspool.nn.dropout import Dropout, dropouts
from unspool.nn.embedding import Embedding
from unspool.nn.encoders import AttentionMemory, RecurrentEncoder, encoder_of
from unspool.nn.features import source_embedding
from unspool.nn.heads import CategoricalHead
from unspool.nn.maxout import Maxout
from unspool.nn.recurrent_attention import unroll_with_attention
from unspool.nn.scores import AdditiveScore
from unspool.nn.stacks import LayerOptions, Stack, stack_of
from unspool.types import BOS, Sequences, Sizes, Step

ENGLISH = (
    "A bidirectional encoder leaves one annotation for each source symbol, instead of one vector for the whole source.",
    "Before each step a small feed-forward network scores every annotation against the decoder's last state, "
    "and the annotations, weighted by the softmax of the scores, become the context of that step.",
    "The context drives the decoder's recurrence itself, so training, too, goes through the bottom layer step by step.",
)
KOREAN = (
    "양방향 인코더가 입력 전체를 벡터 하나로 압축하지 않고, 입력 기호마다 주석 벡터(annotation)를 하나씩 남깁니다.",
    "디코더는 매 단계에 앞서 작은 순방향 신경망으로 각 주석 벡터가 직전 은닉 상태와 얼마나 맞는지 점수를 "
    "매기고, 점수의 소프트맥스로 가중합한 문맥 벡터를 그 단계에 씁니다.",
    "문맥 벡터가 디코더의 순환 계산에 직접 들어가므로, 가장 아래층은 학습할 때에도 한 단계씩 차례로 계산합니다.",
)


class Settings(AttendingSettings):
    """Of the paper: the size of the alignment model, and where the first state comes from."""

    encoder_cell: CellName = "gru"
    decoder_cell: CellName = "gru"
    attention_size: int = Field(default=256, ge=1, description="width of the alignment model")
    first_state: Literal["whole", "backward"] = Field(
        default="whole", description="both directions, or the backward alone"
    )


class Bahdanau(nn.Module):
    """Attention inside the recurrence."""

    def __init__(
        self,
        encoder: RecurrentEncoder,
        embedding: Embedding | FoldingEmbedding,
        decoder: Stack,
        score: AdditiveScore,
        bridge: Bridge | BackwardBridge,
        maxout: Maxout,
        head: CategoricalHead | CopyingHead,
        dropout: Dropout,
    ) -> None:
        super().__init__()
        self.encoder, self.embedding, self.decoder, self.score = encoder, embedding, decoder, score
        self.bridge, self.maxout, self.head = bridge, maxout, head
        self.dropout = dropout

    def encode(self, source: Sequences[Tensor]) -> AttentionMemory:
        """The annotations `h_j`, `U h_j`, and the decoder's first state."""
        encoded = self.encoder(source)
        keys = self.score.keys(encoded.states)
        return AttentionMemory(encoded.states, keys, encoded.mask, self.bridge(encoded.final), source.copies)

    def start(self, memory: AttentionMemory) -> tuple[Tensor, DecoderState]:
        """BOS and `s_0`."""
        first = torch.full((memory.mask.shape[0],), BOS, device=memory.mask.device)
        return first, DecoderState(memory.first, first_attention_state(memory, covers=self.score.covers))

    def step(self, last: Tensor, state: DecoderState, memory: AttentionMemory) -> tuple[Step, DecoderState]:
        """One word."""
        step, state = self.unroll(last.unsqueeze(1), state, memory)
        return Step(step.output.squeeze(1), step.attention.squeeze(1)), state

    def unroll(self, inputs: Tensor, state: DecoderState, memory: AttentionMemory) -> tuple[Step, DecoderState]:
        """All words: first what depends on y alone, then the loop, then what depends on s and c alone."""
        embedded = self.embedding(inputs)
        below = unroll_with_attention(
            self.decoder.cells[0], self.score, embedded, state.layers[0], state.attention, memory
        )
        s, above = self.decoder.unroll_above(below.hidden, state.layers)
        t = self.maxout(torch.cat([s, embedded, below.contexts], -1))
        return Step(self.dropout(t), below.weights), DecoderState((below.state, *above), below.attention)


def build(settings: Settings, sizes: Sizes) -> Bahdanau:
    """From settings to finished parts."""
    s = settings
    drop = dropouts(s.dropout, s.embedding_dropout, locked=s.locked_dropout)
    options = LayerOptions(drop.states, s.residual, s.layer_norm, recurrent_dropout=s.recurrent_dropout)
    source = source_embedding(sizes, s.embedding_size, drop)
    encoder = encoder_of(source, s.encoder_cell, s.encoder_size, s.encoder_layers, options)
    embedding = source.counterpart(sizes.target, tied=s.tie_embeddings)
    decoder = stack_of(s.decoder_cell, s.embedding_size + s.encoder_size, s.decoder_size, s.decoder_layers, options)
    head = CategoricalHead(s.decoder_size, sizes.target, embedding if s.tie_output else None)
    return Bahdanau(
        encoder,
        FoldingEmbedding(embedding) if s.copying else embedding,
        decoder,
        AdditiveScore(s.decoder_size, s.encoder_size, s.attention_size, covers=s.coverage),
        Bridge(encoder.stack, decoder) if s.first_state == "whole" else BackwardBridge(encoder.stack, decoder),
        Maxout(s.decoder_size + s.embedding_size + s.encoder_size, s.decoder_size),
        CopyingHead(head, s.decoder_size) if s.copying else head,
        drop.states,
    )
