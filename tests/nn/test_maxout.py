"""Maxout: the larger of each pair."""

from __future__ import annotations

import numpy as np
import torch

from transcriptions import numbers
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
