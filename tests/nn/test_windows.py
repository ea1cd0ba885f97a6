"""Local attention's windows against Luong et al. 2015, section 3.2, position by position."""

from __future__ import annotations

import math

import numpy as np
import torch

from transcriptions import numbers, sigmoid
from unspool.nn.windows import MonotonicWindow, PredictiveWindow, window_of
from worlds import enlarged

LENGTHS = [7, 3, 0]
MASK = torch.arange(7) < torch.tensor(LENGTHS).unsqueeze(1)


def test_a_monotonic_window_moves_on_with_the_steps_and_stays_at_the_end() -> None:
    step = torch.tensor([[0, 3, 9]] * 3)
    mask, dim = MonotonicWindow(2)(torch.randn(3, 3, 5), MASK, step)
    assert dim is None
    seen = [[(row.nonzero().flatten() + 1).tolist() for row in source] for source in mask]
    assert seen == [[[1, 2, 3], [2, 3, 4, 5, 6], [5, 6, 7]], [[1, 2, 3], [1, 2, 3], [1, 2, 3]], [[], [], []]]


@torch.no_grad()
def test_a_predicted_window_lies_where_its_network_says_and_fades_like_a_gaussian() -> None:
    window, query, reach = enlarged(PredictiveWindow(5, 2)), torch.randn(3, 4, 5), 2
    mask, dim = window(query, MASK, None)
    w_p, v_p = numbers(window.hidden.weight), numbers(window.v.weight)[0]
    for b, q in np.ndindex(3, 4):
        p = LENGTHS[b] * sigmoid(v_p @ np.tanh(w_p @ numbers(query[b, q])))
        for s in range(1, 8):
            assert bool(mask[b, q, s - 1]) == (s <= LENGTHS[b] and p - reach <= s <= p + reach)
            gauss = math.exp(-((s - p) ** 2) / (2 * (reach / 2) ** 2))
            np.testing.assert_allclose(float(dim[b, q, s - 1]), gauss, atol=1e-5)


@torch.no_grad()
def test_a_window_over_a_source_is_never_empty() -> None:
    query, mask = 50 * torch.randn(1, 64, 5), torch.ones(1, 9, dtype=torch.bool)
    seen = enlarged(PredictiveWindow(5, 1))(query, mask, None).mask
    assert seen.any(-1).all()


def test_windows_go_by_their_names() -> None:
    assert window_of("global", 5, 2)(torch.randn(3, 4, 5), MASK, None) is None
    assert isinstance(window_of("local-m", 5, 2), MonotonicWindow)
    assert isinstance(window_of("local-p", 5, 2), PredictiveWindow)
