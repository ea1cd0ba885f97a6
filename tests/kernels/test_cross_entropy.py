"""Output layer and loss in one pass against the library's, in value and in gradient."""

from __future__ import annotations

import math

import pytest
import torch
from torch.nn import functional

from unspool.kernels import cross_entropy as one_pass
from unspool.kernels.cross_entropy import cross_entropy
from unspool.kernels.switch import plain_kernels
from worlds import assert_same

ROWS, D, SYMBOLS = 7, 5, 11


def parts(dtype: torch.dtype = torch.float64) -> tuple[list[torch.Tensor], torch.Tensor]:
    generator = torch.Generator().manual_seed(3)
    shapes = ((ROWS, D), (SYMBOLS, D), (SYMBOLS,))
    drawn = [torch.randn(shape, generator=generator, dtype=dtype).requires_grad_() for shape in shapes]
    return drawn, torch.randint(0, SYMBOLS, (ROWS,), generator=generator)


def by_the_library(drawn: list[torch.Tensor], classes: torch.Tensor, smoothing: float) -> torch.Tensor:
    x, weight, bias = drawn
    logits = functional.linear(x, weight, bias)
    return functional.cross_entropy(logits, classes, reduction="none", label_smoothing=smoothing)


@pytest.mark.parametrize("at_once", [1, 25, 1 << 19], ids=["one-row", "two-rows", "all"])
@pytest.mark.parametrize("smoothing", [0.0, 0.3])
def test_equals_the_library_in_value_and_gradient(
    smoothing: float, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(one_pass, "AT_ONCE", at_once)
    drawn, classes = parts()
    weights = torch.linspace(-1, 2, ROWS, dtype=torch.float64)
    expected = by_the_library(drawn, classes, smoothing)
    wanted = torch.autograd.grad((expected * weights).sum(), drawn)
    smoothed, nll = cross_entropy(*drawn, classes, smoothing)
    assert_same((smoothed, nll), (expected, by_the_library(drawn, classes, 0.0)))
    assert_same(torch.autograd.grad((smoothed * weights).sum(), drawn), wanted)


def test_what_is_reported_without_smoothing_has_no_gradient() -> None:
    drawn, classes = parts()
    smoothed, nll = cross_entropy(*drawn, classes, 0.2)
    assert smoothed.requires_grad and not nll.requires_grad


def test_under_autocast_products_are_narrow_and_losses_and_gradients_wide() -> None:
    drawn, classes = parts(torch.float32)
    with torch.autocast("cpu", torch.bfloat16):
        smoothed, _ = cross_entropy(*drawn, classes, 0.1)
    gradients = torch.autograd.grad(smoothed.sum(), drawn)
    expected = by_the_library(drawn, classes, 0.1)
    assert smoothed.dtype == torch.float32 and {gradient.dtype for gradient in gradients} == {torch.float32}
    assert_same(smoothed, expected, rtol=0.05, atol=0.05)
    assert_same(gradients, torch.autograd.grad(expected.sum(), drawn), rtol=0.1, atol=0.1)


@pytest.mark.parametrize("smoothing", [0.0, 0.3])
def test_fused_and_plain_are_the_same_with_and_without_gradients(smoothing: float) -> None:
    drawn, classes = parts()
    fused = cross_entropy(*drawn, classes, smoothing)
    with plain_kernels():
        plain = cross_entropy(*drawn, classes, smoothing)
    assert_same(fused, plain)
    assert not plain[1].requires_grad
    assert_same(torch.autograd.grad(fused[0].sum(), drawn), torch.autograd.grad(plain[0].sum(), drawn))
    with torch.inference_mode():
        assert_same(cross_entropy(*drawn, classes, smoothing), plain)


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
@pytest.mark.parametrize("p", [0.9, 0.99, 0.999, 0.9999])
def test_near_certainty_the_gradient_in_bfloat16_is_that_of_float64(p: float, smoothing: float) -> None:
    # Logits of class 0 that bfloat16 holds exactly; the others are 0.
    logit = torch.tensor(math.log(p * (SYMBOLS - 1) / (1 - p))).bfloat16().double()
    weight, classes = torch.zeros(SYMBOLS, 1, dtype=torch.float64), torch.zeros(ROWS, dtype=torch.long)
    weight[0] = logit

    def bias_gradient(dtype: torch.dtype) -> torch.Tensor:
        x, bias = torch.ones(ROWS, 1, dtype=dtype), torch.zeros(SYMBOLS, dtype=dtype).requires_grad_()
        smoothed, _ = cross_entropy(x, weight.to(dtype), bias, classes, smoothing)
        return torch.autograd.grad(smoothed.sum() / 3, bias)[0].double()

    exact, narrow = bias_gradient(torch.float64), bias_gradient(torch.bfloat16)
    torch.testing.assert_close(narrow, exact, rtol=0.02, atol=0)
    assert float(narrow.sum().abs()) < 0.01 * float(narrow.abs().sum())
