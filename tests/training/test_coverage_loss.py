"""The coverage loss, against See, Liu, Manning 2017, eq. 12."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from unspool.errors import Mistake
from unspool.training.objectives import coverage_loss, likelihood
from unspool.types import Step
from worlds import World, assert_same


def test_each_position_costs_the_attention_that_it_had_before_and_has_again() -> None:
    attention = torch.softmax(torch.randn(2, 4, 3), -1)
    found = coverage_loss(Step(torch.empty(0), attention))
    for b in range(2):
        coverage = np.zeros(3)
        for t in range(4):
            a = attention[b, t].numpy()
            assert found[b, t].item() == pytest.approx(np.minimum(a, coverage).sum(), abs=1e-6)
            coverage = coverage + a


@pytest.mark.parametrize("model", ["luong", "bahdanau", "gnmt", "transformer"])
def test_it_is_added_to_what_is_minimised_over_real_steps_and_reaches_the_attention(model: str) -> None:
    world = World(model, "default", {})
    network, batch = world.build(), world.examples()
    plain, costly = (likelihood(network, *batch, 0.1, coverage=weight) for weight in (0.0, 2.0))
    memory = network.encode(batch.source)
    first, state = network.start(memory)
    step, _ = network.unroll(torch.cat([first.unsqueeze(1), batch.target.values[:, :-1]], 1), state, memory)
    twice = sum(coverage_loss(step)[b, :length].sum() for b, length in enumerate(batch.target.lengths.tolist()))
    assert_same((costly.smoothed, costly.nll), (plain.smoothed + 2 * twice, plain.nll))
    encoder = next(network.parameters())
    (gradient,) = torch.autograd.grad(costly.smoothed - plain.smoothed, [encoder])
    assert gradient.abs().max() > 1e-4


def test_without_attention_it_is_refused() -> None:
    world = World("sutskever", "default", {})
    with pytest.raises(Mistake, match="attention") as caught:
        likelihood(world.build(), *world.examples(), 0.1, coverage=1.0)
    assert "training.coverage_loss" in caught.value.remedy
