"""A head of labels says nothing but labels."""

from __future__ import annotations

import torch

from unspool.nn.class_head import ClassHead
from unspool.types import BOS, EOS, FIRST_LABEL, PAD, UNK, Step

LABELS = 5


def head_and_step() -> tuple[ClassHead, Step]:
    torch.manual_seed(1)
    return ClassHead(3, FIRST_LABEL + LABELS), Step(torch.randn(2, 3))


def test_reserved_symbols_have_no_probability() -> None:
    head, step = head_and_step()
    for symbol in (UNK, EOS):
        assert (head.log_prob(step, torch.tensor([symbol, symbol]), None) == -torch.inf).all()
    items, log_probs = head.top_k(step, 20, None)
    assert items.shape == (2, LABELS)
    assert not torch.isin(items, torch.tensor([PAD, BOS, UNK, EOS])).any()
    torch.testing.assert_close(log_probs.exp().sum(-1), torch.ones(2))


def test_log_probabilities_stand_in_the_order_of_the_items() -> None:
    head, step = head_and_step()
    table = head.log_probs(step, None)
    items, log_probs = head.top_k(step, 1, None)
    assert torch.equal(table.argmax(-1, keepdim=True) + UNK, items)
    torch.testing.assert_close(table.amax(-1, keepdim=True), log_probs)


def test_padding_costs_a_finite_loss() -> None:
    head, step = head_and_step()
    assert all(loss.isfinite().all() for loss in head.loss(step, torch.tensor([PAD, PAD]), None, 0.1))
