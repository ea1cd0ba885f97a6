"""Wu et al. 2016: Google's Neural Machine Translation System: Bridging the Gap between Human and Machine Translation.

arXiv:1609.08144. Many layers on both sides. Only the lowest decoder layer computes attention, so that the others do not
wait for it (section 3, figure 1):

    x_1, …, x_S = Encoder(source)                  (1), its first layer is bidirectional (3.2), the others are forward
    s_t = score(d_{i-1}, x_t),  p = softmax(s)     (4): one hidden layer; d is the bottom decoder layer's output
    a_i = Σ_t p_t x_t                              (4), the context
    d_i = LSTM_1(d_{i-1}, [y_{i-1}; a_i])          the only recurrence through attention
    m^l_i = LSTM_l(m^l_{i-1}, [x^{l-1}_i; a_i])    the context is an input of every decoder layer
    x^l_i = m^l_i + x^{l-1}_i                      (6), residual connections from the third layer on, on both sides
    p(y_i | y_<i, x) = softmax(x^L_i)              (3), from the output of the top layer

The paper has 8 + 8 layers of 1024; the default is 4 + 4 of 256. In (6), x^{l-1} is added without the context. The paper
does not give the decoder's first state; here it comes from the last states of all encoder layers. In `unroll` only the
bottom layer loops; the layers above it are kernel calls over all steps.
"""

from __future__ import annotations

from torch import Tensor, nn

from unspool.config.models import GNMTSettings
from unspool.nn.attentional import AttentionState
from unspool.nn.bridges import Bridge
from unspool.nn.dropout import Dropout, dropouts
from unspool.nn.encoders import AttentionMemory, RecurrentEncoder
from unspool.nn.entries import Entry, EntryOptions, source_entry, target_entry
from unspool.nn.output import AnyHead, Density, head_of
from unspool.nn.recurrent_attention import unroll_with_attention
from unspool.nn.scores import AdditiveScore
from unspool.nn.stacks import LayerOptions, Stack, StackState, bidirectional_stack_of
from unspool.types import Dimensions, Sequences, Step


class GNMT(nn.Module):
    """A deep network with attention in the bottom decoder layer."""

    def __init__(
        self,
        encoder: RecurrentEncoder,
        embedding: Entry,
        decoder: Stack,
        score: AdditiveScore,
        head: AnyHead,
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
        return self.embedding.first(memory.mask.shape[0], memory.mask.device), memory.first

    def step(self, last: Tensor, state: StackState, memory: AttentionMemory) -> tuple[Step, StackState]:
        """One step."""
        step, state = self.unroll(last.unsqueeze(1), state, memory)
        return Step(step.output.squeeze(1), step.attention.squeeze(1)), state

    def unroll(self, inputs: Tensor, state: StackState, memory: AttentionMemory) -> tuple[Step, StackState]:
        """All steps: the bottom layer in a loop, then the others over all steps at once."""
        embedded, bottom = self.embedding(inputs), self.decoder.cells[0]
        d = unroll_with_attention(bottom, self.score, embedded, state[0], AttentionState(), memory)
        top, above = self.decoder.unroll_above(d.hidden, state, beside=d.contexts)
        return Step(self.dropout(top), d.weights), (d.state, *above)


def build(settings: GNMTSettings, dimensions: Dimensions) -> GNMT:
    """A model from its settings."""
    s = settings
    drop = dropouts(s.dropout, s.embedding_dropout, locked=s.locked_dropout)
    options = LayerOptions(drop.states, s.residual, s.layer_norm, 2, s.recurrent_dropout)
    first = bidirectional_stack_of(s.encoder_cell, s.embedding_size, s.encoder_size, 1, options)
    above = [options.cell(s.encoder_cell, s.encoder_size, s.encoder_size) for _ in range(s.encoder_layers - 1)]
    below = [s.embedding_size] + [s.decoder_size] * (s.decoder_layers - 1)
    entry = EntryOptions(s.embedding_size, drop)
    source = source_entry(dimensions.source, entry)
    embedding = target_entry(dimensions.target, entry, source if s.tie_embeddings else None)
    return GNMT(
        RecurrentEncoder(source, Stack([*first.levels, *above], options)),
        embedding,
        Stack([options.cell(s.decoder_cell, size + s.encoder_size, s.decoder_size) for size in below], options),
        AdditiveScore(s.decoder_size, s.encoder_size, s.attention_size),
        head_of(dimensions, s.decoder_size, embedding if s.tie_output else None, Density(s.density, s.components)),
        drop.states,
    )
