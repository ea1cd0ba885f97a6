"""Positions as sinusoids, against the formula and without an end."""

from __future__ import annotations

import math

import torch

from unspool.nn.embedding import Embedding, PositionedEmbedding, sinusoids

LIKE = torch.zeros(())


def test_each_pair_is_a_sine_and_a_cosine_of_one_frequency() -> None:
    found = sinusoids(0, 50, 6, LIKE)
    for position in (0, 1, 7, 49):
        for i in range(3):
            angle = position / 10000 ** (2 * i / 6)
            expected = torch.tensor([math.sin(angle), math.cos(angle)])
            torch.testing.assert_close(found[position, 2 * i : 2 * i + 2], expected, rtol=1e-5, atol=1e-5)


def test_positions_go_on_from_where_they_start() -> None:
    assert torch.equal(sinusoids(3, 4, 8, LIKE), sinusoids(0, 7, 8, LIKE)[3:])
    assert sinusoids(5, 0, 8, LIKE).shape == (0, 8)


@torch.no_grad()
def test_embeddings_are_scaled_by_the_root_of_their_size_and_added() -> None:
    embedding = Embedding(9, 4)
    ids = torch.tensor([[3, 5], [7, 0]])
    expected = embedding(ids) * 2 + sinusoids(6, 2, 4, LIKE)
    torch.testing.assert_close(PositionedEmbedding(embedding, 0.0)(ids, 6), expected)
