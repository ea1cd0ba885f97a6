"""Scores against the papers' formulas."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from transcriptions import numbers
from unspool.errors import Mistake
from unspool.nn.scores import (
    SCORES,
    AdditiveScore,
    AttentionScore,
    CoveringScore,
    GeneralScore,
    LocationScore,
    score_of,
)
from worlds import assert_same, enlarged


def formula(kind: str, score: AttentionScore, h: np.ndarray, s: np.ndarray) -> float:
    """Luong et al. 2015, eq. 8; for *concat* one matrix over `[h; s]`."""
    if kind in ("dot", "scaled_dot"):
        return float(h @ s) / (math.sqrt(len(s)) if kind == "scaled_dot" else 1.0)
    if kind == "general":
        return float(h @ numbers(score.state.weight) @ s)
    w_a = np.concatenate([numbers(score.query.weight), numbers(score.state.weight)], 1)
    return float(numbers(score.v.weight)[0] @ np.tanh(w_a @ np.concatenate([h, s])))


@pytest.mark.parametrize("kind", SCORES)
@torch.no_grad()
def test_scores_follow_the_formulas(kind: str) -> None:
    size = 5 if "dot" in kind else 3
    score = enlarged(SCORES[kind](5, size))
    query, states = torch.randn(3, 2, 5), torch.randn(3, 4, size)
    found = score(query, score.keys(states))
    assert found.shape == (3, 2, 4)
    for b, q, s in np.ndindex(3, 2, 4):
        expected = formula(kind, score, numbers(query[b, q]), numbers(states[b, s]))
        assert found[b, q, s].item() == pytest.approx(expected, abs=1e-5)


@torch.no_grad()
def test_additive_score_has_a_width_of_its_own() -> None:
    score = enlarged(AdditiveScore(5, 3, 7))
    query, states = torch.randn(2, 1, 5), torch.randn(2, 4, 3)
    expected = score.v(torch.tanh(score.query(query) + score.state(states))).squeeze(-1).unsqueeze(1)
    assert_same(score(query, score.keys(states)), expected)


@torch.no_grad()
def test_location_knows_the_query_and_the_position_alone() -> None:
    score = enlarged(LocationScore(5, positions=6))
    query, states = torch.randn(3, 2, 5), torch.randn(3, 4, 7)
    expected = numbers(query) @ numbers(score.positions.weight)[:4].T
    np.testing.assert_allclose(score(query, score.keys(states)).numpy(), expected, atol=1e-5)
    assert torch.equal(score(query, score.keys(states + 1)), score(query, score.keys(states)))


@torch.no_grad()
def test_location_does_not_see_what_lies_behind_its_last_position() -> None:
    mask = torch.tensor([[True] * 5, [True] * 2 + [False] * 3])
    score = LocationScore(5, positions=3)
    assert score.visible(mask).tolist() == [[True] * 3 + [False] * 2, [True] * 2 + [False] * 3]
    assert score.keys(torch.randn(2, 5, 7)).shape == (2, 5, 5)
    assert torch.equal(GeneralScore(5, 7).visible(mask), mask)


@torch.no_grad()
def test_coverage_stands_inside_the_additive_score() -> None:
    """See et al. 2017, eq. 11: `vᵀ tanh(W_h h + W_s s + w_c c + b)`."""
    score = enlarged(AdditiveScore(5, 3, 7, covers=True))
    query, states, coverage = torch.randn(3, 2, 5), torch.randn(3, 4, 3), torch.rand(3, 2, 4)
    found = score(query, score.keys(states), coverage)
    v, w, u = (numbers(part.weight) for part in (score.v, score.query, score.state))
    w_c, bias = numbers(score.coverage.weight)[:, 0], numbers(score.coverage.bias)
    for b, q, s in np.ndindex(3, 2, 4):
        inner = w @ numbers(query[b, q]) + u @ numbers(states[b, s]) + w_c * float(coverage[b, q, s]) + bias
        assert found[b, q, s].item() == pytest.approx(float(v[0] @ np.tanh(inner)), abs=1e-5)


@pytest.mark.parametrize("kind", ["dot", "general", "location", "scaled_dot"])
@torch.no_grad()
def test_coverage_is_added_to_other_scores(kind: str) -> None:
    score = enlarged(score_of(kind, 5, 5, positions=4, covers=True))
    assert isinstance(score, CoveringScore) and score.covers
    query, states, coverage = torch.randn(3, 2, 5), torch.randn(3, 4, 5), torch.rand(3, 2, 4)
    keys = score.keys(states)
    assert_same(score(query, keys, coverage), score.score(query, keys) + score.weight * coverage)


@pytest.mark.parametrize("kind", ["dot", "scaled_dot"])
def test_products_of_vectors_of_two_sizes_are_refused(kind: str) -> None:
    with pytest.raises(Mistake, match="4 and 6"):
        score_of(kind, 6, 4, positions=1, covers=False)
