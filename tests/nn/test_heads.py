"""The categorical head: a softmax over what can be written."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from transcriptions import numbers, softmax
from unspool.nn.heads import CategoricalHead
from unspool.types import BOS, PAD, Step
from worlds import assert_same, enlarged

SYMBOLS = 7


def head() -> CategoricalHead:
    built: CategoricalHead = enlarged(CategoricalHead(4, SYMBOLS))
    return built


@torch.no_grad()
def test_log_probabilities_are_those_of_a_softmax_without_pad_and_bos() -> None:
    one, output = head(), torch.randn(3, 4)
    for row in range(3):
        w, b = numbers(one.projection.weight), numbers(one.projection.bias)
        expected = softmax(w @ numbers(output[row]) + b)
        for symbol in range(2, SYMBOLS):
            found = one.log_prob(Step(output[row : row + 1]), torch.tensor([symbol]), None)
            assert np.exp(found.item()) == pytest.approx(expected[symbol - 2], abs=1e-6)


@torch.no_grad()
def test_log_probabilities_are_never_smoothed() -> None:
    one, step, targets = head(), Step(torch.randn(3, 5, 4)), torch.randint(2, SYMBOLS, (3, 5))
    assert_same(one.log_prob(step, targets, None), -one.loss(step, targets, None)[1])
    smoothed, nll = one.loss(step, targets, None, smoothing=0.2)
    assert_same(nll, -one.log_prob(step, targets, None))
    assert not torch.allclose(smoothed, nll)


@torch.no_grad()
def test_there_are_no_more_continuations_than_symbols() -> None:
    items, log_probs = head().top_k(Step(torch.randn(3, 4)), 50, None)
    assert items.shape == log_probs.shape == (3, SYMBOLS - 2)
    assert sorted(items[0].tolist()) == list(range(2, SYMBOLS))


@torch.no_grad()
def test_loss_is_in_single_precision_whatever_the_network_is_in() -> None:
    one, step, targets = head(), torch.randn(3, 5, 4).bfloat16(), torch.randint(2, SYMBOLS, (3, 5))
    expected, _ = one.loss(Step(step.float()), targets, None)
    found, _ = one.bfloat16().loss(Step(step), targets, None)
    assert found.dtype == torch.float32
    assert_same(found, expected, rtol=0.05, atol=0.05)


@torch.no_grad()
def test_what_is_never_written_is_impossible() -> None:
    found = head().log_prob(Step(torch.randn(4, 4)), torch.tensor([PAD, BOS, SYMBOLS, SYMBOLS - 1]), None)
    assert found[:3].tolist() == [-torch.inf] * 3 and found[3].isfinite()


def test_padded_targets_cost_something_finite_for_the_caller_to_mask() -> None:
    losses, _ = head().loss(Step(torch.randn(2, 3, 4)), torch.tensor([[3, 0, 0], [1, 2, 0]]), None, smoothing=0.1)
    assert losses.shape == (2, 3)
    assert losses.isfinite().all()
