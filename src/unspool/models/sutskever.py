"""Sutskever, Vinyals, Le 2014: Sequence to Sequence Learning with Neural Networks. arXiv:1409.3215.

No attention: everything the decoder knows of the source is the state it starts from (section 2).

    v = state after reading x_S, …, x_1              the source back to front (section 3.3), through L layers
    p(y_1, …, y_T | x) = Π_t p(y_t | v, y_1, …, y_{t-1})                                             (1)

Figure 1: one network reads A B C <EOS> and writes W X Y Z <EOS>, each word it wrote being read next. That single
network is `shared = true`; the paper's experiments use two different LSTMs, one for the input and one for the output
sequence, which is `shared = false`. Either way the first thing fed for writing is the source's <EOS>.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from pydantic import Field
from torch import Tensor, nn

from unspool.config import EncoderDecoderSettings
from unspool.errors import Mistake
from unspool.nn.bridges import Bridge
from unspool.nn.dropout import Dropout, dropouts
from unspool.nn.embedding import Embedding
from unspool.nn.features import Features, source_embedding
from unspool.nn.heads import CategoricalHead
from unspool.nn.masks import mask_of, reverse
from unspool.nn.stacks import LayerOptions, Stack, StackState, stack_of
from unspool.types import EOS, Sequences, Sizes, Step

ENGLISH = (
    "One recurrent network reads the source to its end, and the last state of its layers is all that a second "
    "one starts to write from.",
    "There is no attention, so the longest source must fit into vectors of a fixed size.",
    "The source is read back to front, which brings its beginning close to the beginning of the target and, as "
    "the paper found, makes learning much easier.",
)
KOREAN = (
    "순환 신경망 하나가 입력 시퀀스를 끝까지 읽고, 두 번째 순환 신경망은 각 층의 마지막 상태만을 넘겨받아 출력 "
    "시퀀스를 생성합니다.",
    "어텐션이 없으므로 아무리 긴 입력이라도 고정된 크기의 벡터에 모두 담아야 합니다.",
    "입력을 거꾸로 읽어 입력의 앞부분과 출력의 앞부분을 가깝게 두며, 논문에 따르면 이렇게 할 때 학습이 훨씬 "
    "쉬워집니다.",
)


class Settings(EncoderDecoderSettings):
    """Of the paper: one network or two, and the direction of reading."""

    encoder_layers: int = Field(default=2, ge=1)
    decoder_layers: int = Field(default=2, ge=1)
    shared: bool = Field(default=False, description="one network reads and writes")
    reverse_source: bool = Field(default=True, description="read the source back to front")


class SutskeverMemory(NamedTuple):
    """All that is left of the source: the state v of every layer, `[B, D]` each."""

    first: StackState


class Sutskever(nn.Module):
    """The source in one vector."""

    def __init__(
        self,
        source_embedding: Embedding | Features,
        reader: Stack,
        embedding: Embedding,
        writer: Stack,
        head: CategoricalHead,
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
        """Read to the end and keep the state."""
        mask = mask_of(source.lengths, source.values.shape[1])
        ids = reverse(source.values, mask) if self.reverse_source else source.values
        _, v = self.reader.unroll(self.source_embedding(ids), self.reader.initial(ids.shape[0]), mask)
        return SutskeverMemory(self.bridge(v))

    def start(self, memory: SutskeverMemory) -> tuple[Tensor, StackState]:
        """The source's EOS and v."""
        h = memory.first[0][0]
        return torch.full((h.shape[0],), EOS, device=h.device), memory.first

    def step(self, last: Tensor, state: StackState, memory: SutskeverMemory) -> tuple[Step, StackState]:
        """One word."""
        hidden, state = self.writer.step(self.embedding(last), state)
        return Step(self.dropout(hidden)), state

    def unroll(self, inputs: Tensor, state: StackState, memory: SutskeverMemory) -> tuple[Step, StackState]:
        """All words, without a loop."""
        hidden, state = self.writer.unroll(self.embedding(inputs), state)
        return Step(self.dropout(hidden)), state


def build(settings: Settings, sizes: Sizes) -> Sutskever:
    """From settings to finished parts; the one network of `shared` is the same part handed over twice."""
    s = settings
    drop = dropouts(s.dropout, s.embedding_dropout, locked=s.locked_dropout)
    options = LayerOptions(drop.states, s.residual, s.layer_norm, recurrent_dropout=s.recurrent_dropout)
    reader = stack_of(s.encoder_cell, s.embedding_size, s.encoder_size, s.encoder_layers, options)
    writer = reader
    if not s.shared:
        writer = stack_of(s.decoder_cell, s.embedding_size, s.decoder_size, s.decoder_layers, options)
    elif _reading(s) != _writing(s):
        raise Mistake(
            f"One shared network cannot read as {_reading(s)} and write as {_writing(s)}.",
            "Give encoder and decoder the same cell, size and layers, or set model.shared=false.",
        )
    source = source_embedding(sizes, s.embedding_size, drop)
    embedding = source.counterpart(sizes.target, tied=s.tie_embeddings)
    return Sutskever(
        source,
        reader,
        embedding,
        writer,
        CategoricalHead(s.decoder_size, sizes.target, embedding if s.tie_output else None),
        reverse_source=s.reverse_source,
        dropout=drop.states,
    )


def _reading(settings: Settings) -> str:
    return f"{settings.encoder_layers}×{settings.encoder_cell}×{settings.encoder_size}"


def _writing(settings: Settings) -> str:
    return f"{settings.decoder_layers}×{settings.decoder_cell}×{settings.decoder_size}"
