"""Embeddings: padding is nothing and stays nothing."""

from __future__ import annotations

import torch

from unspool.nn.dropout import Dropout
from unspool.nn.embedding import Embedding
from unspool.types import PAD


def test_padding_is_the_zero_vector_and_learns_nothing() -> None:
    embedding = Embedding(6, 4)
    vectors = embedding(torch.tensor([[2, PAD], [3, 5]]))
    assert vectors.shape == (2, 2, 4)
    assert not vectors[0, 1].any()
    vectors.sum().backward()
    gradient = embedding.table.weight.grad
    assert gradient is not None
    assert gradient.any(1).tolist() == [False, False, True, True, False, True]


def test_dropout_acts_in_training_alone() -> None:
    embedding, ids = Embedding(6, 50, Dropout(0.5)), torch.tensor([2, 3])
    assert (embedding.train()(ids) == 0).any()
    assert torch.equal(embedding.eval()(ids), embedding.table.weight[ids])
