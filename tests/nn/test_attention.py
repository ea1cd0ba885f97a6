"""Scores against the papers' formulas; weights and contexts over real positions only."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from transcriptions import numbers
from unspool.nn.attention import SCORES, AdditiveScore, Score, attend, by_memory
from worlds import assert_same, enlarged

MASK = torch.tensor([[True, True, True, True], [True, True, False, False], [False, False, False, False]])


def formula(kind: str, score: Score, h: np.ndarray, s: np.ndarray) -> float:
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


def test_weights_are_a_distribution_over_real_positions_and_zero_elsewhere() -> None:
    weights = attend(torch.randn(3, 2, 4), torch.randn(3, 4, 5), MASK)[1]
    assert_same(weights.sum(-1), torch.tensor([[1.0, 1.0], [1.0, 1.0], [0.0, 0.0]]))
    assert not weights.masked_select(~MASK.unsqueeze(1)).any()


@pytest.mark.parametrize("padded_score", [-1e30, 1e4, float("inf"), float("nan")])
def test_whatever_is_scored_at_padding_changes_nothing(padded_score: float) -> None:
    scores, values = torch.randn(3, 2, 4), torch.randn(3, 4, 5)
    expected = attend(scores, values, MASK)
    assert_same(attend(scores.masked_fill(~MASK.unsqueeze(1), padded_score), values, MASK), expected, rtol=0, atol=0)


def test_context_is_the_weighted_sum_of_the_values() -> None:
    scores, values = torch.randn(3, 2, 4), torch.randn(3, 4, 5)
    context, weights = attend(scores, values, MASK)
    alone = torch.softmax(scores[1, 0, :2], -1)
    assert_same(weights[1, 0, :2], alone)
    assert_same(context[1, 0], alone[0] * values[1, 0] + alone[1] * values[1, 1])


def test_values_at_padding_reach_no_context_and_get_no_gradient() -> None:
    scores, values = torch.randn(3, 2, 4).requires_grad_(), torch.randn(3, 4, 5).requires_grad_()
    context, _ = attend(scores, values, MASK)
    assert not context[2].any()
    context.square().sum().backward()
    assert not values.grad[~MASK].any()
    assert not scores.grad.transpose(1, 2)[~MASK].any()
    assert scores.grad.isfinite().all()


def test_weights_are_computed_in_single_precision() -> None:
    scores, values = torch.randn(3, 2, 4).bfloat16(), torch.randn(3, 4, 5).bfloat16()
    context, weights = attend(scores, values, MASK)
    assert (context.dtype, weights.dtype) == (torch.bfloat16, torch.float32)


def test_row_r_reads_memory_r_over_k() -> None:
    rows = torch.arange(6).unsqueeze(1).expand(6, 3)
    assert by_memory(rows.contiguous(), 2)[..., 0].tolist() == [[0, 1, 2], [3, 4, 5]]
