"""Search over real models: what it returns is what the model says."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
import torch

from unspool.decoding.beam import beam_search
from unspool.decoding.greedy import greedy
from unspool.decoding.hypothesis import Hypothesis, length_penalty
from unspool.nn.stepper import TorchStepper, to_torch
from unspool.types import EOS, UNK, Array, Sequences, Sizes, pad
from worlds import World, every_world, leaves, plain_worlds

SOURCES = [np.array(ids) for ids in ([4, 5, 6, 2], [7], [], [8, 4, 8])]
TINY = Sizes(source=9, target=6)  # written: UNK, EOS and two letters
LONGEST = 3


def stepper(model: Any) -> TorchStepper:
    return TorchStepper(model, torch.device("cpu"))


@torch.no_grad()
def rescored(model: Any, source: Array, written: tuple[int, ...]) -> tuple[float, list[Array]]:
    """The log-probability of what was written, EOS included where it is there, and where each step looked."""
    memory = model.encode(to_torch(pad([source]), torch.device("cpu")))
    first, state = model.start(memory)
    targets = torch.tensor([written])
    step, _ = model.unroll(torch.cat([first.unsqueeze(1), targets[:, :-1]], 1), state, memory)
    score = model.head.log_prob(step, targets, memory).double().sum().item()
    return score, [leaf[0].numpy() for leaf in leaves(step.attention)]


def plain(hypothesis: Hypothesis) -> tuple[Any, ...]:
    return hypothesis.items, pytest.approx(hypothesis.score, abs=1e-5), hypothesis.finished


@every_world
def test_beam_of_one_equals_greedy(world: World) -> None:
    model = world.build()
    found = beam_search(stepper(model), pad(SOURCES), beam=1, n_best=1, max_length=8, alpha=0.6)
    assert [plain(best) for (best,) in found] == [plain(one) for one in greedy(stepper(model), pad(SOURCES), 8)]


@every_world
def test_score_is_the_sum_of_the_log_probabilities_of_the_steps(world: World) -> None:
    model = world.build()
    found = beam_search(stepper(model), pad(SOURCES), beam=4, n_best=4, max_length=6, alpha=0.6)
    for source, hypotheses in zip(SOURCES, found, strict=True):
        for hypothesis in hypotheses:
            written = (*hypothesis.items, EOS) if hypothesis.finished else hypothesis.items
            score, attention = rescored(model, source, written)
            assert hypothesis.score == pytest.approx(score, abs=1e-5)
            if attention:
                assert hypothesis.attention is not None
                np.testing.assert_allclose(hypothesis.attention, attention[0][:, : len(source)], atol=1e-5)


@every_world
def test_search_does_not_depend_on_who_shares_the_batch(world: World) -> None:
    model = world.build()
    options: dict[str, Any] = {"beam": 3, "n_best": 3, "max_length": 6, "alpha": 0.6}
    together = beam_search(stepper(model), pad(SOURCES), **options)
    alone = [beam_search(stepper(model), pad([source]), **options)[0] for source in SOURCES]
    assert [[plain(one) for one in answer] for answer in together] == [[plain(one) for one in a] for a in alone]


@plain_worlds
@pytest.mark.parametrize("alpha", [0.0, 1.0])
@pytest.mark.parametrize("seed", [1, 2])
def test_wide_beam_equals_exhaustive_search(world: World, alpha: float, seed: int) -> None:
    model = world.build(TINY, seed)
    source: Sequences[Array] = pad(SOURCES)
    found = beam_search(stepper(model), source, beam=40, n_best=40, max_length=LONGEST, alpha=alpha)
    for ids, hypotheses in zip(SOURCES, found, strict=True):
        assert [plain(one) for one in hypotheses] == exhaustive(model, ids, alpha)


def exhaustive(model: Any, source: Array, alpha: float) -> list[tuple[Any, ...]]:
    """Everything that can be written: what ends, by its normalised score, then what does not, by its sum."""
    letters = [UNK, EOS + 1, EOS + 2]
    finished, cut = [], []
    for length in range(LONGEST + 1):
        for written in itertools.product(letters, repeat=length):
            if length < LONGEST:
                score, _ = rescored(model, source, (*written, EOS))
                finished.append((score / length_penalty(length + 1, alpha), (written, score, True)))
            else:
                score, _ = rescored(model, source, written)
                cut.append((score, (written, score, False)))
    ranked = sorted(finished, key=lambda pair: -pair[0]) + sorted(cut, key=lambda pair: -pair[0])
    return [answer for _, answer in ranked]
