"""Luong, Pham, Manning 2015: Effective Approaches to Attention-based Neural Machine Translation. arXiv:1508.04025.

The decoder's recurrence does not depend on attention, which comes after it (section 3):

    h_t = RNN(h_{t-1}, y_{t-1})                     the decoder's state; the first one is the encoder's last
    a_t(s) = softmax_s score(h_t, h̄_s)              (7), global attention over all encoder states h̄
    c_t = Σ_s a_t(s) h̄_s                            the context
    h̃_t = tanh(W_c [c_t; h_t])                      (5), the attentional state
    p(y_t | y_<t, x) = softmax(W_s h̃_t)             (6)

With *input feeding* (section 3.3) the decoder's input is [y_{t-1}; h̃_{t-1}], and the decoder must run step by step.
Without it, the recurrence does not depend on attention, so `unroll` has no loop: one kernel call for the recurrence and
three matrix products for the rest. By default, unlike in the paper, the encoder is bidirectional.

Local attention (section 3.2) attends to a window of the source (`nn.windows`). `coverage` and `copying` are not in the
paper. With coverage, attention depends on its last step, so it loops, but the recurrence does not (`nn.attentional`,
`nn.copying`).
"""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor, nn

from unspool.config.models import LuongSettings
from unspool.nn.attentional import AttentionalLayer, DecoderState, first_attention_state
from unspool.nn.bridges import Bridge
from unspool.nn.dropout import Dropout, dropouts
from unspool.nn.embedding import FoldingEmbedding
from unspool.nn.encoders import AttentionMemory, RecurrentEncoder, encoder_of
from unspool.nn.entries import Entry, EntryOptions, fed_entry, source_entry, target_entry
from unspool.nn.output import AnyHead, Density, head_of
from unspool.nn.parameters import linear
from unspool.nn.scores import AttentionScore, score_of
from unspool.nn.stacks import LayerOptions, Stack, stack_of
from unspool.nn.windows import Window, window_of
from unspool.types import Dimensions, Sequences, Step


class Luong(nn.Module):
    """Attention after the decoder's recurrence."""

    def __init__(
        self,
        encoder: RecurrentEncoder,
        embedding: Entry | FoldingEmbedding,
        decoder: Stack,
        score: AttentionScore,
        window: Window,
        head: AnyHead,
        *,
        fed_back: int,
        dropout: Dropout,
    ) -> None:
        super().__init__()
        self.encoder, self.embedding, self.decoder, self.head = encoder, embedding, decoder, head
        self.score, self.window = score, window
        self.bridge = Bridge(encoder.stack, decoder)
        self.combine = linear(encoder.size + decoder.size, decoder.size, bias=False)  # W_c
        self.fed_back = fed_back  # the width of h̃ at the decoder's input; 0 without input feeding
        self.dropout = dropout

    def encode(self, source: Sequences[Tensor]) -> AttentionMemory:
        """`h̄` for every position, the keys of the scores, and the decoder's first state."""
        states, mask, final = self.encoder(source)
        return AttentionMemory(states, self.score.keys(states), mask, self.bridge(final), source.copies)

    def start(self, memory: AttentionMemory) -> tuple[Tensor, DecoderState]:
        """BOS, the encoder's last state, and `h̃_0 = 0`."""
        first = self.embedding.first(memory.mask.shape[0], memory.mask.device)
        attention = first_attention_state(
            memory, counts=self.window.counts, covers=self.score.covers, fed_back=self.fed_back
        )
        return first, DecoderState(memory.first, attention)

    def step(self, last: Tensor, state: DecoderState, memory: AttentionMemory) -> tuple[Step, DecoderState]:
        """One step."""
        return next(self._steps(last.unsqueeze(1), state, memory))

    def unroll(self, inputs: Tensor, state: DecoderState, memory: AttentionMemory) -> tuple[Step, DecoderState]:
        """All steps: without input feeding no loop; with it a loop, with input projections computed in advance."""
        if self.fed_back:
            steps, states = zip(*self._steps(inputs, state, memory), strict=True)
            output, attention, _ = zip(*steps, strict=True)
            return Step(torch.stack(output, 1), torch.stack(attention, 1)), states[-1]
        hidden, layers = self.decoder.unroll(self.embedding(inputs), state.layers)
        calls = inputs.shape[1] if self.score.covers else 1
        layer = AttentionalLayer(self.score, self.window, self.combine, self.dropout, memory, calls)
        attentional, weights, attention = layer.unroll(hidden, state.attention)
        return Step(attentional, weights), DecoderState(layers, attention)

    def _steps(
        self, inputs: Tensor, state: DecoderState, memory: AttentionMemory
    ) -> Iterator[tuple[Step, DecoderState]]:
        """The steps of inputs `[R, T]`, one after the other."""
        layer = AttentionalLayer(self.score, self.window, self.combine, self.dropout, memory, inputs.shape[1])
        embedded = self.embedding(inputs)
        loop = self.decoder.loop(embedded, self.fed_back)
        for projection in loop.cells[0].input_projections(embedded):
            hidden, layers = self.decoder.step_projected(projection, state.layers, state.attention.attentional, loop)
            attentional, weights, attention = layer.step(hidden, state.attention)
            state = DecoderState(layers, attention)
            yield Step(attentional, weights), state


def build(settings: LuongSettings, dimensions: Dimensions) -> Luong:
    """A model from its settings."""
    s = settings
    drop = dropouts(s.dropout, s.embedding_dropout, locked=s.locked_dropout)
    options = LayerOptions(drop.states, s.residual, s.layer_norm, recurrent_dropout=s.recurrent_dropout)
    entry = EntryOptions(s.embedding_size, drop)
    source = source_entry(dimensions.source, entry)
    encoder = encoder_of(source, s.encoder_cell, s.encoder_size, s.encoder_layers, options, both_ways=s.bidirectional)
    embedding = target_entry(dimensions.target, entry, source if s.tie_embeddings else None)
    fed_back = s.decoder_size if s.input_feeding else 0
    head = head_of(dimensions, s.decoder_size, embedding if s.tie_output else None, Density(s.density, s.components))
    return Luong(
        encoder,
        fed_entry(dimensions, embedding),
        stack_of(s.decoder_cell, s.embedding_size + fed_back, s.decoder_size, s.decoder_layers, options),
        score_of(s.score, s.decoder_size, s.encoder_size, positions=s.positions, covers=s.coverage),
        window_of(s.window, s.decoder_size, s.window_size),
        head,
        fed_back=fed_back,
        dropout=drop.states,
    )
