"""Maxout: the larger of each pair."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from transcriptions import numbers
from unspool.kernels.maxout import maximum_of_pairs
from unspool.kernels.switch import plain_kernels
from unspool.nn.maxout import Maxout
from worlds import enlarged


@torch.no_grad()
def test_unit_j_is_the_larger_of_the_pair_2j_minus_1_and_2j() -> None:
    maxout, x = enlarged(Maxout(5, 3)), torch.randn(2, 4, 5)
    found = maxout(x)
    assert found.shape == (2, 4, 3)
    w, b = numbers(maxout.linear.weight), numbers(maxout.linear.bias)
    for r, t in np.ndindex(2, 4):
        units = w @ numbers(x[r, t]) + b
        expected = [max(units[2 * j], units[2 * j + 1]) for j in range(3)]
        np.testing.assert_allclose(found[r, t].numpy(), expected, atol=1e-5)


@pytest.mark.parametrize("dtype", [torch.float64, torch.bfloat16])
def test_fused_and_plain_pairs_are_the_same_with_their_gradients(dtype: torch.dtype) -> None:
    units = torch.randperm(2 * 3 * 8).view(2, 3, 8).to(dtype).requires_grad_()  # no two are equal
    larger = maximum_of_pairs(units)
    with plain_kernels():
        plain = maximum_of_pairs(units)
    assert torch.equal(larger, plain)
    weights = torch.linspace(-1, 1, larger.numel(), dtype=dtype).view(larger.shape)
    pairs = [torch.autograd.grad((each * weights).sum(), units)[0] for each in (larger, plain)]
    assert torch.equal(*pairs)


def test_of_equal_units_one_gets_the_whole_gradient() -> None:
    units = torch.zeros(4, requires_grad=True)
    maximum_of_pairs(units).sum().backward()
    assert units.grad is not None and units.grad.tolist() == [1, 0, 1, 0]


def test_parts_are_concatenated_in_the_type_of_the_product() -> None:
    maxout, parts = Maxout(5, 3), (torch.randn(2, 3), torch.randn(2, 2))
    torch.testing.assert_close(maxout(*parts), maxout(torch.cat(parts, -1)))
    with torch.autocast("cpu", torch.bfloat16):
        assert maxout(*parts).dtype == torch.bfloat16
