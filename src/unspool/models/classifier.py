"""Dai, Le 2015: Semi-supervised Sequence Learning. arXiv:1511.01432.

The plain many-to-one network that the paper starts from (section 2): read the whole source, then predict a label.

    h_t = RNN(h_{t-1}, x_t)                         over the whole source
    p(y | x) = softmax(W h_S + b)                   from the last state

By default, unlike in the paper, it has two directions, and the summary is the last states of both. With `summary`
"mean" or "max", it is the mean or the maximum over all positions, which is better for long texts. An answer is one
step.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn

from unspool.config.models import ClassifierSettings
from unspool.nn.dropout import Dropout, dropouts
from unspool.nn.encoders import EncoderOutput, RecurrentEncoder, encoder_of
from unspool.nn.entries import EntryOptions, source_entry
from unspool.nn.output import AnyHead, head_of
from unspool.nn.stacks import LayerOptions
from unspool.types import BOS, Dimensions, Sequences, Step


class ClassifierMemory(NamedTuple):
    """The summary of a source, `[B, D]`."""

    summary: Tensor


class Classifier(nn.Module):
    """Encode, then predict one label."""

    def __init__(self, encoder: RecurrentEncoder, head: AnyHead, *, summary: str, dropout: Dropout) -> None:
        super().__init__()
        self.encoder, self.head, self.summary = encoder, head, summary
        self.dropout = dropout

    def encode(self, source: Sequences[Tensor]) -> ClassifierMemory:
        """Read the source and compute its summary."""
        return ClassifierMemory(self.dropout(summarised(self.encoder(source), self.summary)))

    def start(self, memory: ClassifierMemory) -> tuple[Tensor, Tensor]:
        """BOS, and the summary as the state `[R, D]`."""
        rows = memory.summary.shape[0]
        return torch.full((rows,), BOS, device=memory.summary.device), memory.summary

    def step(self, last: Tensor, state: Tensor, memory: ClassifierMemory) -> tuple[Step, Tensor]:
        """The only step: the label."""
        return Step(state, done=torch.ones_like(last, dtype=torch.bool)), state

    def unroll(self, inputs: Tensor, state: Tensor, memory: ClassifierMemory) -> tuple[Step, Tensor]:
        """The same label at every step."""
        output = state.unsqueeze(1).expand(-1, inputs.shape[1], -1)
        return Step(output, done=torch.ones_like(inputs, dtype=torch.bool)), state


def summarised(encoded: EncoderOutput, summary: str) -> Tensor:
    """`[B, D]`: the top layer's last state, or the mean or maximum of its states; zeros for an empty source."""
    if summary == "last":
        return encoded.final[-1][0]
    real = encoded.mask.unsqueeze(-1)
    if summary == "mean":
        return (encoded.states * real).sum(1) / real.sum(1).clamp(min=1)
    highest = encoded.states.masked_fill(~real, -torch.inf).amax(1)
    return torch.where(real.any(1), highest, 0.0)


def build(settings: ClassifierSettings, dimensions: Dimensions) -> Classifier:
    """A model from its settings."""
    s = settings
    drop = dropouts(s.dropout, s.embedding_dropout, locked=s.locked_dropout)
    options = LayerOptions(drop.states, s.residual, s.layer_norm, recurrent_dropout=s.recurrent_dropout)
    source = source_entry(dimensions.source, EntryOptions(s.embedding_size, drop, s.embedding_std))
    encoder = encoder_of(source, s.encoder_cell, s.encoder_size, s.encoder_layers, options, both_ways=s.bidirectional)
    return Classifier(encoder, head_of(dimensions, s.encoder_size), summary=s.summary, dropout=drop.states)
