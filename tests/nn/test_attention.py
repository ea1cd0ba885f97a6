"""Weights and contexts over real positions only."""

from __future__ import annotations

import pytest
import torch

from unspool.nn.attention import attend, by_memory
from worlds import assert_same

MASK = torch.tensor([[True, True, True, True], [True, True, False, False], [False, False, False, False]])


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


def test_each_query_may_have_a_mask_of_its_own_and_dim_its_weights() -> None:
    scores, values = torch.randn(1, 2, 4), torch.randn(1, 4, 5)
    mask = torch.tensor([[[True, True, False, False], [False, True, True, True]]])
    dim = torch.tensor([[[1.0, 0.5, 1.0, 1.0], [0.1, 0.2, 0.3, 0.4]]])
    context, weights = attend(scores, values, mask, dim)
    for q, seen in enumerate([[0, 1], [1, 2, 3]]):
        expected = torch.zeros(4)
        expected[seen] = torch.softmax(scores[0, q, seen], -1) * dim[0, q, seen]
        assert_same(weights[0, q], expected)
        assert_same(context[0, q], expected @ values[0])


def test_weights_are_computed_in_single_precision() -> None:
    scores, values = torch.randn(3, 2, 4).bfloat16(), torch.randn(3, 4, 5).bfloat16()
    context, weights = attend(scores, values, MASK)
    assert (context.dtype, weights.dtype) == (torch.bfloat16, torch.float32)


def test_row_r_reads_memory_r_over_k() -> None:
    rows = torch.arange(6).unsqueeze(1).expand(6, 3)
    assert by_memory(rows.contiguous(), 2)[..., 0].tolist() == [[0, 1, 2], [3, 4, 5]]
