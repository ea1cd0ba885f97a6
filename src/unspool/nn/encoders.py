"""Recurrent encoders, their output, and the memory of decoders with attention."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from torch import Tensor, nn

from unspool.nn.entries import Entry
from unspool.nn.masks import mask_of
from unspool.nn.stacks import LayerOptions, Stack, StackState, bidirectional_stack_of, stack_of
from unspool.types import Sequences


class EncoderOutput(NamedTuple):
    """The output of a recurrent encoder.

    states: `[B, S, D]` the top layer's states at all positions (undefined at padding)
    mask:   `[B, S]` True at real positions
    final:  every layer's state after the last real item
    """

    states: Tensor
    mask: Tensor
    final: StackState


class AttentionMemory(NamedTuple):
    """The memory of a decoder with attention.

    states: `[B, S, C]` the values of attention
    keys:   `[B, S, ·]` the keys of attention, computed once
    mask:   `[B, S]` True at real positions
    first:  the decoder's first state, `[B, D]` each
    copies: `[B, S]` ids in the target vocabulary, for a head that copies; otherwise None
    """

    states: Tensor
    keys: Tensor
    mask: Tensor
    first: StackState
    copies: Tensor | None = None


class RecurrentEncoder(nn.Module):
    """Embeds ids and runs a stack over them."""

    def __init__(self, embedding: Entry, stack: Stack) -> None:
        super().__init__()
        self.embedding = embedding
        self.stack = stack
        self.size = stack.size

    def forward(self, source: Sequences[Tensor]) -> EncoderOutput:
        """Read ids `[B, S]`, or real values `[B, S, F]`."""
        mask = mask_of(source.lengths, source.values.shape[1])
        initial = self.stack.initial(source.values.shape[0])
        states, final = self.stack.unroll(self.embedding(source.values), initial, mask)
        return EncoderOutput(states, mask, final)

    if TYPE_CHECKING:
        __call__ = forward


def encoder_of(
    embedding: Entry, cell: str, size: int, layers: int, options: LayerOptions, *, both_ways: bool = True
) -> RecurrentEncoder:
    """An encoder with layers of one kind and size; if it is bidirectional, `size` is that of both directions."""
    stack = bidirectional_stack_of if both_ways else stack_of
    return RecurrentEncoder(embedding, stack(cell, embedding.size, size, layers, options))
