"""Dropout drops the share it says, keeps the expectation, and is gone outside training."""

from __future__ import annotations

import pytest
import torch

from unspool.nn.dropout import Dropout


@pytest.mark.parametrize("probability", [0.1, 0.25, 0.5, 0.9])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_the_share_dropped_and_the_expectation_are_as_asked(probability: float, dtype: torch.dtype) -> None:
    dropped = Dropout(probability)(torch.ones(401, 499, dtype=dtype))
    assert dropped.dtype == dtype
    assert (dropped == 0).float().mean().item() == pytest.approx(probability, abs=0.005)
    assert dropped.float().mean().item() == pytest.approx(1.0, abs=0.02)


def test_every_place_is_as_likely_as_any_other() -> None:
    shares = torch.stack([Dropout(0.5)(torch.ones(64)) == 0 for _ in range(4000)]).float().mean(0)
    assert (shares - 0.5).abs().max() < 0.05


def test_gradients_pass_where_values_do_and_nowhere_else() -> None:
    x = torch.ones(1000, requires_grad=True)
    dropped = Dropout(0.3)(x)
    dropped.sum().backward()
    torch.testing.assert_close(x.grad, dropped.detach())


def test_outside_training_and_without_a_probability_nothing_happens() -> None:
    x = torch.randn(5, 7)
    assert Dropout(0.5).eval()(x) is x and Dropout(0.0)(x) is x


def test_the_same_seed_drops_the_same_places() -> None:
    torch.manual_seed(3)
    one = Dropout(0.5)(torch.ones(100))
    torch.manual_seed(3)
    assert torch.equal(one, Dropout(0.5)(torch.ones(100)))
    assert not torch.equal(one, Dropout(0.5)(torch.ones(100)))


def test_an_empty_tensor_and_one_that_is_not_contiguous_are_no_exceptions() -> None:
    assert Dropout(0.5)(torch.ones(0, 3)).shape == (0, 3)
    assert Dropout(0.5)(torch.ones(3, 4).t()).shape == (4, 3)


def test_a_locked_mask_is_the_same_at_all_steps_and_another_for_each_row() -> None:
    dropout = Dropout(0.5, locked=True)
    kept = dropout(torch.ones(40, 7, 50)) != 0
    assert bool((kept == kept[:, :1]).all())
    assert kept[:, 0].float().mean().item() == pytest.approx(0.5, abs=0.05)
    rows = kept[:, 0].float()
    assert (rows[1:] == rows[:-1]).float().mean().item() == pytest.approx(0.5, abs=0.05)


def test_a_locked_dropout_for_a_loop_draws_once() -> None:
    plain, dropout = Dropout(0.5), Dropout(0.5, locked=True)
    assert plain.for_loop() is plain
    drop, other = dropout.for_loop(), dropout.for_loop()
    x = torch.ones(20, 50)
    assert torch.equal(drop(x), drop(2 * x) / 2) and not torch.equal(drop(x), other(x))
    assert dropout.eval().for_loop()(x) is x
