"""Multi-head attention against its formula, and at its edges: padding, nothing to look at, nothing ahead."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from unspool.nn.multihead import MultiHead, visible_before, visible_in
from worlds import enlarged

SIZE, HEADS = 8, 2


def block() -> MultiHead:
    built: MultiHead = enlarged(MultiHead(SIZE, HEADS))
    return built


def some(*shape: int) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(1))


@torch.no_grad()
def test_one_head_of_identities_is_scaled_dot_product_attention() -> None:
    single = MultiHead(SIZE, 1)
    for weight in (single.query.weight, *single.key_value.weight.chunk(2), single.output.weight):
        weight.copy_(torch.eye(SIZE))
    x, y = some(2, 3, SIZE), some(2, 5, SIZE)
    expected = torch.softmax(x @ y.transpose(1, 2) / math.sqrt(SIZE), -1) @ y
    torch.testing.assert_close(single(x, single.read(y), None), expected)


@torch.no_grad()
def test_weights_are_those_by_which_values_are_mixed() -> None:
    single = enlarged(MultiHead(SIZE, 1))
    x, mask = some(2, 3, SIZE), torch.tensor([[True] * 4 + [False], [True] * 2 + [False] * 3])
    read = single.read(some(2, 5, SIZE), mask)
    weights = single.weights(x, read, visible_in(mask))
    torch.testing.assert_close(
        single(x, read, visible_in(mask)), single.output(weights @ read[..., SIZE:]), rtol=1e-4, atol=1e-5
    )
    assert not weights.masked_select(~mask.unsqueeze(1)).any()


def test_padding_gets_no_gradient_and_an_empty_source_says_zero() -> None:
    attention, mask = block(), torch.tensor([[True, True, False], [False] * 3])
    y = some(2, 3, SIZE).requires_grad_()
    found = attention(some(2, 4, SIZE), attention.read(y, mask), visible_in(mask))
    found.sum().backward()
    assert not found[1].any() and found[0].all()
    assert y.grad is not None and not y.grad[~mask].any() and y.grad[mask].all()
    assert all(weight.grad.isfinite().all() for weight in attention.parameters() if weight.grad is not None)


def test_steps_see_the_past_and_themselves_and_nothing_ahead() -> None:
    visible = visible_before(3, 2, torch.device("cpu"))
    assert visible is not None
    assert visible.tolist() == [[t <= 2 + step for t in range(5)] for step in range(3)]
    assert visible_before(1, 4, torch.device("cpu")) is None
