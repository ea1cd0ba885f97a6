"""Vaswani et al. 2017: Attention Is All You Need. arXiv:1706.03762.

No recurrence: every source position attends to all others, and every target position to those before it.

    Attention(Q, K, V) = softmax(QKᵀ / √d) V                (1), in H heads of width d = D / H (3.2.2)
    encoder layer: self-attention, then FFN                 each with a residual connection (3.1)
    decoder layer: self-attention over the target so far, attention over the encoder's output, then FFN
    FFN(x) = max(0, x W_1 + b_1) W_2 + b_2                  (2)
    x_0 = √D · embedding + PE(position)                     3.4 and 3.5
    dropout on x_0 and on the output of each part, before it is added (5.4)

The paper normalises after each residual connection, which needs its long warm-up and low learning rates (5.3). The
default is to normalise before each part (`norm_first`), with one more norm after the last layer, and the learning rates
of all other models. The paper's base model has size 512, 8 heads, 6 + 6 layers and a feed-forward size of 2048. It uses
one matrix for both embeddings and the output (3.4): `tie_embeddings` and `tie_output`; by default each side has its own
vocabulary.

The state is each layer's keys and values of the target so far. `Step.attention` is the last decoder layer's attention
over the source, averaged over its heads.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from torch import Tensor, nn

from unspool.config.models import TransformerSettings
from unspool.nn.dropout import dropouts
from unspool.nn.embedding import PositionedEmbedding
from unspool.nn.entries import EntryOptions, source_entry, target_entry
from unspool.nn.masks import mask_of
from unspool.nn.multihead import visible_in
from unspool.nn.output import AnyHead, Density, head_of
from unspool.nn.self_attention import DecoderLayer, EncoderLayer, LayerPlan
from unspool.types import Dimensions, Sequences, Step


class TransformerMemory(NamedTuple):
    """Keys and values `[B, S, 2D]` of the source for each decoder layer, and the mask `[B, S]`."""

    read: tuple[Tensor, ...]
    mask: Tensor


# Keys and values `[R, t, 2D]` of the t target items so far, for each layer of the decoder.
TransformerState = tuple[Tensor, ...]


class Transformer(nn.Module):
    """Encoder and decoder without recurrence."""

    def __init__(
        self,
        source: PositionedEmbedding,
        encoder: Sequence[EncoderLayer],
        target: PositionedEmbedding,
        decoder: Sequence[DecoderLayer],
        norms: tuple[nn.Module, nn.Module],
        head: AnyHead,
    ) -> None:
        super().__init__()
        self.source, self.target, self.head = source, target, head
        self.encoder, self.decoder = nn.ModuleList(encoder), nn.ModuleList(decoder)
        self.encoder_norm, self.decoder_norm = norms

    @property
    def layers(self) -> list[DecoderLayer]:
        """The decoder's layers, bottom first."""
        return [layer for layer in self.decoder if isinstance(layer, DecoderLayer)]

    def encode(self, source: Sequences[Tensor]) -> TransformerMemory:
        """The encoder's output as keys and values of every decoder layer."""
        mask = mask_of(source.lengths, source.values.shape[1])
        x = self.source(source.values)
        for layer in self.encoder:
            x = layer(x, mask)
        x = self.encoder_norm(x)
        return TransformerMemory(tuple(layer.cross.read(x, mask) for layer in self.layers), mask)

    def start(self, memory: TransformerMemory) -> tuple[Tensor, TransformerState]:
        """BOS, and an empty state."""
        first = self.target.first(memory.mask.shape[0], memory.mask.device)
        return first, tuple(read[:, :0] for read in memory.read)

    def step(self, last: Tensor, state: TransformerState, memory: TransformerMemory) -> tuple[Step, TransformerState]:
        """One step."""
        step, state = self.unroll(last.unsqueeze(1), state, memory)
        return Step(step.output.squeeze(1), step.attention.squeeze(1)), state

    def unroll(
        self, inputs: Tensor, state: TransformerState, memory: TransformerMemory
    ) -> tuple[Step, TransformerState]:
        """All steps at once, each attending to those before it."""
        visible = visible_in(memory.mask)
        x, moved = self.target(inputs, state[0].shape[1]), []
        for layer, written, source in zip(self.layers, state, memory.read, strict=True):
            x, written, queries = layer(x, written, source, visible)
            moved.append(written)
        weights = layer.cross.weights(queries, source, visible) * memory.mask.unsqueeze(1)
        return Step(self.decoder_norm(x), weights.view(*x.shape[:2], -1)), tuple(moved)


def build(settings: TransformerSettings, dimensions: Dimensions) -> Transformer:
    """A model from its settings."""
    s = settings
    plan = LayerPlan(s.size, s.heads, s.feed_forward_size, s.dropout, s.norm_first)
    # Embeddings are scaled by √D, so they start small, and their factor of the learning rate is 1.
    entry = EntryOptions(s.size, dropouts(0.0, None, locked=False), std=s.size**-0.5, rate=1.0)
    source = source_entry(dimensions.source, entry)
    encoder = [plan.encoder_layer() for _ in range(s.encoder_layers)]
    target = target_entry(dimensions.target, entry, source if s.tie_embeddings else None)
    return Transformer(
        PositionedEmbedding(source, s.dropout),
        encoder,
        PositionedEmbedding(target, s.dropout),
        [plan.decoder_layer() for _ in range(s.decoder_layers)],
        (plan.on_top(), plan.on_top()),
        head_of(dimensions, s.size, target if s.tie_output else None, Density(s.density, s.components)),
    )
