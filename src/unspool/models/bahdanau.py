"""Bahdanau, Cho, Bengio 2014: Neural Machine Translation by Jointly Learning to Align and Translate. arXiv:1409.0473.

Attention inside the recurrence: before each step, the decoder attends to the source with its last state as the query
(`nn.recurrent_attention`).

    h_j = [→h_j; ←h_j]                               bidirectional encoder (section 3.2)
    e_ij = vᵀ tanh(W s_{i-1} + U h_j)                the alignment model (A.1.2); U h_j is computed once
    α_ij = softmax_j e_ij,  c_i = Σ_j α_ij h_j       (6), (5)
    s_i = f(s_{i-1}, y_{i-1}, c_i)                   the recurrence: its input is [y; c] (A.1.1)
    t_i = maxout(U_o s_i + V_o y_{i-1} + C_o c_i)    (A.2.2)
    p(y_i | y_<i, x) = softmax(W_o t_i)              (4)

The first state is `tanh(W_s ←h_1)` in the paper (`first_state = "backward"`); by default it depends on both directions.
The paper's recurrence is `gru_reset_before`; the default cell has the reset gate after the product. In (4) the output
depends on s_i, in A.2.2 it is printed with s_{i-1}; this file follows (4). Layers above the first have no attention, so
they and the output are computed for all steps at once: only the bottom layer loops.

With `coverage` the alignment model also depends on the sum of the earlier weights of each h_j, `c_i = Σ_{i' < i} α_i'`:
`e_ij = vᵀ tanh(W s_{i-1} + U h_j + w_c c_ij + b)` (See, Liu, Manning 2017, arXiv:1704.04368, eq. 11). With `copying`,
symbols of the source can be copied (`nn.copying`, the same paper).
"""

from __future__ import annotations

from torch import Tensor, nn

from unspool.config.models import BahdanauSettings
from unspool.nn.attentional import DecoderState, first_attention_state
from unspool.nn.bridges import BackwardBridge, Bridge
from unspool.nn.dropout import Dropout, dropouts
from unspool.nn.embedding import FoldingEmbedding
from unspool.nn.encoders import AttentionMemory, RecurrentEncoder, encoder_of
from unspool.nn.entries import Entry, EntryOptions, fed_entry, source_entry, target_entry
from unspool.nn.maxout import Maxout
from unspool.nn.output import AnyHead, Density, head_of
from unspool.nn.recurrent_attention import unroll_with_attention
from unspool.nn.scores import AdditiveScore
from unspool.nn.stacks import LayerOptions, Stack, stack_of
from unspool.types import Dimensions, Sequences, Step


class Bahdanau(nn.Module):
    """Attention inside the recurrence."""

    def __init__(
        self,
        encoder: RecurrentEncoder,
        embedding: Entry | FoldingEmbedding,
        decoder: Stack,
        score: AdditiveScore,
        bridge: Bridge | BackwardBridge,
        maxout: Maxout,
        head: AnyHead,
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
        first = self.embedding.first(memory.mask.shape[0], memory.mask.device)
        return first, DecoderState(memory.first, first_attention_state(memory, covers=self.score.covers))

    def step(self, last: Tensor, state: DecoderState, memory: AttentionMemory) -> tuple[Step, DecoderState]:
        """One step."""
        step, state = self.unroll(last.unsqueeze(1), state, memory)
        return Step(step.output.squeeze(1), step.attention.squeeze(1)), state

    def unroll(self, inputs: Tensor, state: DecoderState, memory: AttentionMemory) -> tuple[Step, DecoderState]:
        """All steps: first what depends only on y, then the loop, then what depends only on y, s and c."""
        embedded = self.embedding(inputs)
        below = unroll_with_attention(
            self.decoder.cells[0], self.score, embedded, state.layers[0], state.attention, memory
        )
        s, above = self.decoder.unroll_above(below.hidden, state.layers)
        t = self.maxout(s, embedded, below.contexts)
        return Step(self.dropout(t), below.weights), DecoderState((below.state, *above), below.attention)


def build(settings: BahdanauSettings, dimensions: Dimensions) -> Bahdanau:
    """A model from its settings."""
    s = settings
    drop = dropouts(s.dropout, s.embedding_dropout, locked=s.locked_dropout)
    options = LayerOptions(drop.states, s.residual, s.layer_norm, recurrent_dropout=s.recurrent_dropout)
    entry = EntryOptions(s.embedding_size, drop)
    source = source_entry(dimensions.source, entry)
    encoder = encoder_of(source, s.encoder_cell, s.encoder_size, s.encoder_layers, options)
    embedding = target_entry(dimensions.target, entry, source if s.tie_embeddings else None)
    decoder = stack_of(s.decoder_cell, s.embedding_size + s.encoder_size, s.decoder_size, s.decoder_layers, options)
    head = head_of(dimensions, s.decoder_size, embedding if s.tie_output else None, Density(s.density, s.components))
    return Bahdanau(
        encoder,
        fed_entry(dimensions, embedding),
        decoder,
        AdditiveScore(s.decoder_size, s.encoder_size, s.attention_size, covers=s.coverage),
        Bridge(encoder.stack, decoder) if s.first_state == "whole" else BackwardBridge(encoder.stack, decoder),
        Maxout(s.decoder_size + s.embedding_size + s.encoder_size, s.decoder_size),
        head,
        drop.states,
    )
