"""Where a layer's norm stands."""

from __future__ import annotations

import pytest
import torch

from unspool.nn.self_attention import Residual
from worlds import enlarged


@pytest.mark.parametrize("norm_first", [True, False])
@torch.no_grad()
def test_the_norm_stands_before_a_part_or_after_its_sum(norm_first: bool) -> None:
    residual = enlarged(Residual(6, 0.0, norm_first=norm_first))
    x = torch.randn(2, 3, 6, generator=torch.Generator().manual_seed(1))
    norm = residual.norm
    expected = x + torch.sin(norm(x)) if norm_first else norm(x + torch.sin(x))
    torch.testing.assert_close(residual.after(x, torch.sin(residual.before(x))), expected)


def test_what_a_part_says_is_dropped_and_what_it_saw_is_not() -> None:
    residual = Residual(64, 0.5, norm_first=True).train()
    x = torch.ones(4, 64)
    assert torch.equal(residual.after(x, torch.zeros(4, 64)), x)
    assert set(residual.after(x, x).unique().tolist()) == {1.0, 3.0}


@pytest.mark.parametrize("norm_first", [True, False])
def test_a_part_sees_what_its_products_read_and_the_sum_stays_wide(norm_first: bool) -> None:
    residual, x = Residual(8, 0.0, norm_first=norm_first), torch.randn(2, 8)
    with torch.autocast("cpu", torch.bfloat16):
        seen = residual.before(x)
        assert seen.dtype == torch.bfloat16
        assert residual.after(x, seen).dtype == torch.float32
    assert residual.before(x).dtype == torch.float32
