"""Yang et al. 2016: Hierarchical Attention Networks for Document Classification. NAACL, N16-1174.

A document consists of sentences of words. It is read on two levels in the same way (section 2.2), from words to
sentences and from sentences to a document, each time by a bidirectional GRU and attention pooling.

    h_it = [→GRU(x_it); ←GRU(x_it)]                 the words of sentence i, (1) to (4)
    u_it = tanh(W_w h_it + b_w)                     (5)
    α_it = exp(u_itᵀ u_w) / Σ_t exp(u_itᵀ u_w)      (6), u_w is the learned vector of an informative word
    s_i  = Σ_t α_it h_it                            (7)
    h_i  = [→GRU(s_i); ←GRU(s_i)]                   the sentences, and attention over them: u_i (8), α_i (9)
    v    = Σ_i α_i h_i                              (10)
    p    = softmax(W_c v + b_c)                     (11)

The paper's GRU has the reset gate after the product, like PyTorch's kernel. All sentences of a batch are read at once,
each as its own row, so a document needs only as many steps as its longest sentence has words, plus its sentences. An
answer is one step; its attention is a pair of weights, over the sentences and over the words of each.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn

from unspool.config.models import HANSettings
from unspool.nn.attention_pooling import AttentionPooling
from unspool.nn.dropout import Dropout, dropouts
from unspool.nn.entries import Entry, EntryOptions, source_entry
from unspool.nn.masks import mask_of
from unspool.nn.output import AnyHead, head_of
from unspool.nn.stacks import LayerOptions, bidirectional_stack_of
from unspool.types import BOS, Dimensions, Sequences, Step


class HANMemory(NamedTuple):
    """The document v `[B, D]`, and the attention weights of sentences `[B, N]` and of their words `[B, N, W]`."""

    document: Tensor
    sentences: Tensor
    words: Tensor


class HAN(nn.Module):
    """From words to sentences, from sentences to a document, from the document to its label."""

    def __init__(
        self,
        embedding: Entry,
        words: AttentionPooling,
        sentences: AttentionPooling,
        head: AnyHead,
        dropout: Dropout,
    ) -> None:
        super().__init__()
        self.embedding, self.words, self.sentences, self.head = embedding, words, sentences, head
        self.dropout = dropout

    def encode(self, source: Sequences[Tensor]) -> HANMemory:
        """Read nested ids `[B, N, W]`."""
        assert source.inner is not None, "a hierarchical network reads sentences of words"
        mask = mask_of(source.lengths, source.values.shape[1])
        s, word_weights = self._read_sentences(source.values, source.inner * mask)
        v, sentence_weights = self.sentences(self.dropout(s), mask)
        return HANMemory(self.dropout(v), sentence_weights, word_weights)

    def _read_sentences(self, ids: Tensor, lengths: Tensor) -> tuple[Tensor, Tensor]:
        """(1) to (7): `[B, N, C]` and weights `[B, N, W]`; sentences without words are left out."""
        wanted = lengths > 0
        wanted[:, 0] = True  # kernels do not accept an empty batch
        rows = wanted.flatten().nonzero().squeeze(1)
        flat = ids.flatten(0, 1)[rows]
        pooled, weights = self.words(self.embedding(flat), mask_of(lengths.flatten()[rows], flat.shape[1]))
        s = pooled.new_zeros(lengths.numel(), self.words.size).index_copy(0, rows, pooled)
        word_weights = weights.new_zeros(lengths.numel(), flat.shape[1]).index_copy(0, rows, weights)
        return s.view(*lengths.shape, -1), word_weights.view(ids.shape)

    def start(self, memory: HANMemory) -> tuple[Tensor, Tensor]:
        """BOS, and the document as the state `[R, D]`."""
        return torch.full((memory.document.shape[0],), BOS, device=memory.document.device), memory.document

    def step(self, last: Tensor, state: Tensor, memory: HANMemory) -> tuple[Step, Tensor]:
        """The only step: the label."""
        step, state = self.unroll(last.view(memory.document.shape[0], -1), state, memory)
        attention = tuple(weights.flatten(0, 1) for weights in step.attention)
        return Step(state, attention, step.done.flatten()), state

    def unroll(self, inputs: Tensor, state: Tensor, memory: HANMemory) -> tuple[Step, Tensor]:
        """The same label and attention at every step."""
        steps = inputs.shape[1]
        attention = (
            memory.sentences.unsqueeze(1).expand(-1, steps, -1),
            memory.words.unsqueeze(1).expand(-1, steps, -1, -1),
        )
        output = state.unsqueeze(1).expand(-1, steps, -1)
        return Step(output, attention, torch.ones_like(inputs, dtype=torch.bool)), state


def build(settings: HANSettings, dimensions: Dimensions) -> HAN:
    """A model from its settings."""
    s, options = settings, LayerOptions(recurrent_dropout=settings.recurrent_dropout)
    drop = dropouts(s.dropout, s.embedding_dropout, locked=s.locked_dropout)
    return HAN(
        source_entry(dimensions.source, EntryOptions(s.embedding_size, drop, s.embedding_std)),
        AttentionPooling(bidirectional_stack_of(s.cell, s.embedding_size, s.word_size, 1, options), s.attention_size),
        AttentionPooling(bidirectional_stack_of(s.cell, s.word_size, s.sentence_size, 1, options), s.attention_size),
        head_of(dimensions, s.sentence_size),
        drop.states,
    )
