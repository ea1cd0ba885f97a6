"""Drawing one of many classes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unspool.distributions.categorical import BLOCK, draw, keep_nucleus, temper

WEIGHTS = st.lists(st.sampled_from([0.0, 0.0, 1.0, 3.0, 1e-12]), min_size=5, max_size=5).filter(any)


@settings(deadline=None, max_examples=200)
@given(WEIGHTS, st.floats(0, 1, exclude_max=True))
def test_a_draw_falls_on_the_share_of_its_class_and_never_on_nothing(likely: list[float], uniform: float) -> None:
    [column] = draw(np.array([likely]), np.array([0]), np.array([uniform]))
    assert likely[column] > 0
    shares = np.array(likely) / sum(likely)
    edge = shares[:column].sum()
    assert edge - 1e-9 <= uniform <= edge + shares[column] + 1e-9


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_of_many_classes_a_draw_is_that_of_their_running_sum(kind: type) -> None:
    generator = np.random.default_rng(1)
    weights = np.where(generator.random((3, 5 * BLOCK + 7)) < 0.4, 0, generator.random((3, 5 * BLOCK + 7))).astype(kind)
    rows, uniforms = generator.integers(0, 3, 400), generator.random(400)
    edges = np.cumsum(weights.astype(np.float64), axis=1)[rows]
    expected = (edges <= uniforms[:, None] * edges[:, -1:]).sum(1)
    found = draw(weights, rows, uniforms)
    np.testing.assert_array_equal(found, expected)
    assert (weights[rows, found] > 0).all()


@pytest.mark.parametrize("uniform", [0.0, 1 - 2**-53])
def test_the_first_and_the_last_number_draw_something_possible(uniform: float) -> None:
    weights = np.zeros((1, 3 * BLOCK), dtype=np.float32)
    weights[0, [5, BLOCK + 1, 2 * BLOCK - 1]] = 0.1
    [column] = draw(weights, np.array([0]), np.array([uniform]))
    assert column == (5 if uniform == 0 else 2 * BLOCK - 1)


def test_a_row_without_any_weight_draws_its_last_class() -> None:
    assert draw(np.zeros((1, 4)), np.array([0]), np.array([0.5])).tolist() == [3]


@settings(deadline=None, max_examples=200)
@given(WEIGHTS, st.floats(0.01, 0.99))
def test_a_nucleus_is_the_fewest_largest_that_reach_a_share(likely: list[float], p: float) -> None:
    weights = np.array([likely])
    order = np.argsort(-weights[0], kind="stable")
    before = np.cumsum(weights[0, order]) - weights[0, order]
    expected = np.zeros(5)
    expected[order[before < p * weights.sum()]] = weights[0, order[before < p * weights.sum()]]
    np.testing.assert_array_equal(keep_nucleus(weights, p), [expected])


@pytest.mark.parametrize("kind", [np.float32, np.float64])
@pytest.mark.parametrize("temperature", [1e-9, 1e-40, 1e-320])
def test_almost_no_temperature_leaves_the_best_alone(kind: type, temperature: float) -> None:
    assert temper(np.array([[-2.0, -1.0, -np.inf]], dtype=kind), temperature).tolist() == [[0, 1, 0]]


@pytest.mark.parametrize("bad", [-np.inf, np.nan])
def test_a_row_without_any_possible_class_has_no_weight(bad: float) -> None:
    assert not temper(np.full((2, 3), bad), 1.0).any()
