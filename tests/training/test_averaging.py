"""The running mean of the weights: its decay grows from 2/11, so that the random start is soon forgotten."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from unspool.training.averaging import Average


@pytest.mark.parametrize(("updates", "decay"), [(1, 2 / 11), (8, 0.5), (100_000, 0.9)])
def test_the_decay_grows_to_its_full_value(updates: int, decay: float) -> None:
    model = nn.Linear(1, 1)
    nn.init.zeros_(model.weight)
    average = Average(model, 0.9)
    with torch.no_grad():
        model.weight.fill_(1.0)
    average.update(updates)
    assert average.model.weight.item() == pytest.approx(1 - decay)
