"""Luong, Pham, Manning 2015: Effective Approaches to Attention-based Neural Machine Translation. arXiv:1508.04025.

The decoder's recurrence runs on its own; attention stands beside it, on top (section 3):

    h_t = RNN(h_{t-1}, y_{t-1})                     the decoder's state, started from the encoder's last
    a_t(s) = softmax_s score(h_t, h̄_s)              (7), global attention over all encoder states h̄
    c_t = Σ_s a_t(s) h̄_s                            the context
    h̃_t = tanh(W_c [c_t; h_t])                      (5), the attentional state
    p(y_t | y_<t, x) = softmax(W_s h̃_t)             (6)

With *input feeding* (section 3.3) h̃_{t-1} joins y_{t-1} at the decoder's input, and the decoder must go step by step.
Without it nothing that attention says reaches the recurrence, so `unroll` has no loop: one kernel call for the
recurrence and three matrix products for the rest. Not the paper's, but the default: the encoder reads both directions.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple

import torch
from pydantic import Field
from torch import Tensor, nn

from unspool.config import EncoderDecoderSettings
from unspool.errors import Mistake
from unspool.nn.attention import SCORES, Score, by_memory
from unspool.nn.bridges import Bridge
from unspool.nn.dropout import Dropout
from unspool.nn.embedding import Embedding
from unspool.nn.encoders import AttentionMemory, RecurrentEncoder
from unspool.nn.features import source_embedding
from unspool.nn.heads import CategoricalHead
from unspool.nn.looped_attention import Look, looking
from unspool.nn.looping import looped_linear
from unspool.nn.stacks import Between, Layers, Stack, StackState, bidirectional_stack_of, stack_of
from unspool.types import BOS, Sequences, Sizes, Step


class Settings(EncoderDecoderSettings):
    """Of the paper: which score, and whether the attentional state is fed back."""

    score: Literal["dot", "general", "concat", "scaled_dot"] = "general"
    input_feeding: bool = Field(default=False, description="feed the attentional state back; slower")
    bidirectional: bool = Field(default=True, description="the encoder reads both ways; the paper's reads one way")


class LuongState(NamedTuple):
    """The decoder's layers `h_t`, and the attentional state `h̃_t` `[R, D]` where it is fed back (else None)."""

    layers: StackState
    attentional: Tensor | None


class Parts(NamedTuple):
    """What every step of one pass uses: the layers, attention over B memories, `W_c`, and dropout of what it says."""

    layers: Layers
    look: Look
    combine: Callable[..., Tensor]
    memories: int
    drop: Callable[[Tensor], Tensor]


class Luong(nn.Module):
    """Global attention on top of the decoder."""

    def __init__(
        self,
        encoder: RecurrentEncoder,
        embedding: Embedding,
        decoder: Stack,
        score: Score,
        head: CategoricalHead,
        *,
        input_feeding: bool,
        dropout: float,
    ) -> None:
        super().__init__()
        self.encoder, self.embedding, self.decoder, self.score, self.head = encoder, embedding, decoder, score, head
        self.bridge = Bridge(encoder.stack, decoder)
        self.combine = nn.Linear(encoder.size + decoder.size, decoder.size, bias=False)  # W_c
        self.input_feeding = input_feeding
        self.dropout = Dropout(dropout)

    def encode(self, source: Sequences[Tensor]) -> AttentionMemory:
        """`h̄` for every position, what scores need of it, and the decoder's first state."""
        reading = self.encoder(source)
        return AttentionMemory(
            reading.states, self.score.keys(reading.states), reading.mask, self.bridge(reading.final)
        )

    def start(self, memory: AttentionMemory) -> tuple[Tensor, LuongState]:
        """BOS, the encoder's last state, and `h̃_0 = 0`."""
        rows = memory.mask.shape[0]
        first = torch.full((rows,), BOS, device=memory.mask.device)
        attentional = memory.states.new_zeros(rows, self.decoder.size) if self.input_feeding else None
        return first, LuongState(memory.first, attentional)

    def step(self, last: Tensor, state: LuongState, memory: AttentionMemory) -> tuple[Step, LuongState]:
        """One word."""
        parts = self._parts(memory, steps=1)
        (drive,) = parts.layers.cells[0].drives(self.embedding(last).unsqueeze(1))
        return self._step_driven(drive, state, parts)

    def unroll(self, inputs: Tensor, state: LuongState, memory: AttentionMemory) -> tuple[Step, LuongState]:
        """All words: without input feeding no loop, with it a loop whose input projection is done beforehand."""
        embedded = self.embedding(inputs)
        if not self.input_feeding:
            hidden, layers = self.decoder.unroll(embedded, state.layers)
            attentional, weights = self._attend(hidden, self._parts(memory, steps=1))
            return Step(attentional, weights), LuongState(layers, None)
        parts, steps = self._parts(memory, inputs.shape[1]), []
        for drive in parts.layers.cells[0].drives(embedded):
            step, state = self._step_driven(drive, state, parts)
            steps.append(step)
        return Step(torch.stack([s.output for s in steps], 1), torch.stack([s.attention for s in steps], 1)), state

    def _step_driven(self, drive: Tensor, state: LuongState, parts: Parts) -> tuple[Step, LuongState]:
        hidden, layers = self.decoder.step_driven(drive, state.layers, state.attentional, parts.layers)
        attentional, weights = self._attend(by_memory(hidden, parts.memories), parts)
        attentional, weights = attentional.flatten(0, 1), weights.flatten(0, 1)
        return Step(attentional, weights), LuongState(layers, attentional if self.input_feeding else None)

    def _attend(self, hidden: Tensor, parts: Parts) -> tuple[Tensor, Tensor]:
        """(5) and (7): attentional states `[B, Q, D]` and weights `[B, Q, S]` of decoder states `[B, Q, D]`."""
        context, weights = parts.look(hidden)
        combined = parts.combine(context.flatten(0, 1), hidden.flatten(0, 1)).view(*hidden.shape[:2], -1)
        return parts.drop(torch.tanh(combined)), weights

    def _parts(self, memory: AttentionMemory, steps: int) -> Parts:
        return Parts(
            self.decoder.looped(steps, late=self.decoder.size if self.input_feeding else 0),
            looking(self.score, memory.keys, memory.states, memory.mask, steps),
            looped_linear(self.combine, steps),
            memory.mask.shape[0],
            self.dropout.held(),
        )


def build(settings: Settings, sizes: Sizes) -> Luong:
    """From settings to finished parts."""
    s = settings
    if s.score in ("dot", "scaled_dot") and s.encoder_size != s.decoder_size:
        raise Mistake(
            f"Score '{s.score}' needs encoder_size = decoder_size, but they are {s.encoder_size} and {s.decoder_size}.",
            "Make them equal, or use model.score=general.",
        )
    between = Between(s.dropout, s.residual, s.layer_norm)
    stack = bidirectional_stack_of if s.bidirectional else stack_of
    fed_back = s.decoder_size if s.input_feeding else 0
    encoder = RecurrentEncoder(
        source_embedding(sizes, s.embedding_size, s.dropout),
        stack(s.encoder_cell, s.embedding_size, s.encoder_size, s.encoder_layers, between),
    )
    embedding = encoder.embedding.counterpart(sizes.target, tied=s.tie_embeddings)
    return Luong(
        encoder,
        embedding,
        stack_of(s.decoder_cell, s.embedding_size + fed_back, s.decoder_size, s.decoder_layers, between),
        SCORES[s.score](s.decoder_size, s.encoder_size),
        CategoricalHead(s.decoder_size, sizes.target, embedding if s.tie_output else None),
        input_feeding=s.input_feeding,
        dropout=s.dropout,
    )
