"""Attention by two products against the library's kernel, whose mathematics it must have."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from unspool.kernels import scaled_dot
from unspool.kernels.scaled_dot import scaled_dot_attention as attend
from unspool.kernels.switch import plain_kernels

PADDED = torch.tensor([[True] * 5, [True, True, False, False, False]]).view(2, 1, 1, 5)
AHEAD = torch.ones(3, 5, dtype=torch.bool).tril(2)


def parts(kind: torch.dtype) -> list[Tensor]:
    drawn = torch.Generator().manual_seed(3)
    shapes = ((2, 3, 3, 4), (2, 3, 5, 4), (2, 3, 5, 4))
    return [torch.randn(shape, generator=drawn, dtype=torch.float64).to(kind).requires_grad_() for shape in shapes]


@pytest.mark.parametrize("visible", [None, PADDED, AHEAD], ids=["all", "padding", "ahead"])
def test_it_finds_what_the_kernel_finds_and_learns_the_same(visible: Tensor | None) -> None:
    given = parts(torch.float64)
    found, expected = attend(*given, visible), functional.scaled_dot_product_attention(*given, attn_mask=visible)
    torch.testing.assert_close(found, expected)
    cotangent = torch.randn(found.shape, dtype=found.dtype, generator=torch.Generator().manual_seed(4))
    for own, others in zip(
        torch.autograd.grad(found, given, cotangent), torch.autograd.grad(expected, given, cotangent), strict=True
    ):
        torch.testing.assert_close(own, others)


def test_its_gradient_is_the_slope() -> None:
    assert torch.autograd.gradcheck(lambda *given: attend(*given, PADDED), parts(torch.float64))


def test_narrow_numbers_stay_near_wide_ones() -> None:
    wide = attend(*parts(torch.float64), PADDED)
    narrow = attend(*parts(torch.bfloat16), PADDED)
    assert narrow.dtype == torch.bfloat16
    torch.testing.assert_close(narrow.double(), wide, rtol=0.05, atol=0.03)


def test_long_sequences_and_answers_are_left_to_the_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    given = parts(torch.float64)
    kept = attend(*given, PADDED)
    assert type(kept.grad_fn).__name__ == "_ScaledDotBackward"
    monkeypatch.setattr(scaled_dot, "KEPT", 2 * 3 * 3 * 5 - 1)
    left = attend(*given, PADDED)
    assert type(left.grad_fn).__name__ != "_ScaledDotBackward"
    torch.testing.assert_close(left, kept)


@pytest.mark.parametrize("visible", [None, PADDED, AHEAD], ids=["all", "padding", "ahead"])
def test_fused_and_plain_are_the_same_with_and_without_gradients(visible: Tensor | None) -> None:
    given = parts(torch.float64)
    found = attend(*given, visible)
    with plain_kernels():
        expected = attend(*given, visible)
    torch.testing.assert_close(found, expected)
    pairs = (torch.autograd.grad(out.sin().sum(), given) for out in (found, expected))
    for own, others in zip(*pairs, strict=True):
        torch.testing.assert_close(own, others)
    with torch.inference_mode():
        torch.testing.assert_close(attend(*given, visible), expected)


def test_near_certainty_the_gradient_of_the_scores_in_bfloat16_is_that_of_float64() -> None:
    # One feature, so that the scores are the keys: one is 7 (weight 0.998), two are 0. Everything is exact in bfloat16.
    def query_gradient(dtype: torch.dtype) -> torch.Tensor:
        query = torch.ones(1, 1, 1, 1, dtype=dtype, requires_grad=True)
        keys = torch.tensor([7.0, 0.0, 0.0], dtype=dtype).view(1, 1, 3, 1)
        values = torch.tensor([1.0, 0.5, 0.25], dtype=dtype).view(1, 1, 3, 1)
        found = attend(query, keys, values, None)
        (gradient,) = torch.autograd.grad(found.sum(), query)
        return gradient.double()

    torch.testing.assert_close(query_gradient(torch.bfloat16), query_gradient(torch.float64), rtol=0.02, atol=0)
