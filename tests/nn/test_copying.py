"""The copying head against See, Liu, Manning 2017, eq. 8 and 9, symbol by symbol."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from transcriptions import numbers, sigmoid, softmax
from unspool.nn.copying import CopyingHead
from unspool.nn.embedding import Embedding, FoldingEmbedding
from unspool.nn.encoders import AttentionMemory
from unspool.nn.heads import CategoricalHead
from unspool.types import UNK, Step
from worlds import assert_same, enlarged

V, D, B, T, S = 7, 4, 3, 5, 4
COPIES = torch.tensor([[4, 7, 8, 7], [7, 6, 0, 0], [0, 0, 0, 0]])
MASK = torch.tensor([[True] * 4, [True] * 2 + [False] * 2, [False] * 4])


def memory(copies: Tensor = COPIES) -> AttentionMemory:
    nothing = torch.zeros(B, S, D)
    return AttentionMemory(nothing, nothing, MASK, (), copies)


def head() -> Any:
    return enlarged(CopyingHead(CategoricalHead(D, V), D))


def looked(rows: int = T) -> Step:
    generator = torch.Generator().manual_seed(4)
    scores = torch.randn(B, rows, S, generator=generator).masked_fill(~MASK.unsqueeze(1), -1e9)
    return Step(torch.randn(B, rows, D, generator=generator), torch.softmax(scores, -1) * MASK.unsqueeze(1))


def probability(model: Any, output: Tensor, attention: Tensor, copies: Tensor, symbol: int) -> float:
    """(8) and (9); an empty source leaves all to be generated."""
    generator = model.generator.projection
    p_vocab = softmax(numbers(generator.weight) @ numbers(output) + numbers(generator.bias))
    p_gen = sigmoid(numbers(model.gate.weight)[0] @ numbers(output) + numbers(model.gate.bias)[0])
    p_gen = p_gen if attention.sum() > 0 else 1.0
    copied = sum(float(a) for a, x in zip(attention, copies, strict=True) if int(x) == symbol)
    return float((p_gen * p_vocab[symbol - 2] if symbol < V else 0.0) + (1 - p_gen) * copied)


@torch.no_grad()
def test_probabilities_mix_what_is_generated_and_what_is_copied() -> None:
    model, step = head(), looked()
    for symbol in range(2, V + S):
        found = model.log_prob(step, torch.full((B, T), symbol), memory()).exp()
        for b, t in np.ndindex(B, T):
            expected = probability(model, step.output[b, t], step.attention[b, t], COPIES[b], symbol)
            assert found[b, t].item() == pytest.approx(expected, abs=1e-6)


@torch.no_grad()
def test_the_distribution_is_over_the_vocabulary_and_the_numbers_beyond_it() -> None:
    model, step = head(), looked(rows=2)  # a beam of two
    rows = Step(step.output.flatten(0, 1), step.attention.flatten(0, 1))
    table = model.log_probs(rows, memory())
    assert table.shape == (B * 2, V - 2 + S)
    assert_same(table.exp().sum(-1), torch.ones(B * 2))
    log_probs = [model.log_prob(step, torch.full((B, 2), symbol), memory()) for symbol in range(2, V + S)]
    assert_same(table, torch.stack(log_probs, -1).flatten(0, 1))
    items, best = model.top_k(rows, 3, memory())
    assert_same(best, table.gather(1, items - 2))
    assert_same(best, table.sort(-1, descending=True).values[:, :3])


def test_smoothing_is_of_what_is_generated() -> None:
    model, step, targets = head(), looked(), torch.randint(2, V, (B, T))
    smoothed, nll = model.loss(step, targets, memory(), smoothing=0.2)
    assert_same(nll, -model.log_prob(step, targets, memory()))
    cross_entropy, _ = model.generator.loss(step, targets, memory(), 0.2)
    gate = torch.sigmoid(model.gate(step.output)).squeeze(-1)
    gate = torch.where(MASK.any(1, keepdim=True), gate, 1.0)
    mass = ((1 - gate).unsqueeze(-1) * step.attention * (COPIES.unsqueeze(1) == targets.unsqueeze(-1))).sum(-1)
    assert_same(smoothed, -(gate * torch.exp(-cross_entropy) + mass).log())


def test_a_target_that_cannot_be_written_teaches_nothing_and_breaks_nothing() -> None:
    model, step = head(), looked()
    step.output.requires_grad_()
    smoothed, nll = model.loss(step, torch.full((B, T), V + 3), memory(), smoothing=0.1)
    smoothed.sum().backward()
    assert smoothed.isfinite().all() and (nll > 50).all()
    assert step.output.grad is not None and not step.output.grad.any()
    assert (model.log_prob(step, torch.full((B, T), V + 3), memory()) == -torch.inf).all()


def test_what_was_copied_from_beyond_the_vocabulary_is_read_as_unknown() -> None:
    embedding = Embedding(V, D)
    ids = torch.tensor([3, V - 1, V, V + 5])
    assert_same(FoldingEmbedding(embedding)(ids), embedding(torch.tensor([3, V - 1, UNK, UNK])))
