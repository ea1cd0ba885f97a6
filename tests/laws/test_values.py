"""Generation of real values: what it returns is what the model says, and has no end but the longest length."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from exported import runtime_of
from unspool.config import DecodingConfig
from unspool.decoding import search_corpus
from unspool.decoding.likelihood import log_likelihoods
from unspool.errors import Mistake
from unspool.nn.stepper import TorchStepper, to_torch
from unspool.types import Array, Sequences
from worlds import EXPORTED, PLAIN, World, on

SOURCES = [np.array(ids, dtype=np.int64) for ids in ([4, 5, 6, 2], [7], [], [8, 4, 8])]
WAYS: dict[str, dict[str, Any]] = {
    "modes": {},
    "samples": {"sample": True, "n_best": 3},
    "samples near the likely": {"sample": True, "n_best": 2, "temperature": 0.5},
}
LONGEST = 5
value_worlds = on(world for world in PLAIN if not world.writes_symbols)
ways = pytest.mark.parametrize("way", WAYS)


def stepper_of(world: World) -> TorchStepper:
    return TorchStepper(world.build(), torch.device("cpu"))


def answers(stepper: Any, world: World, **settings: Any) -> Any:
    decoding = DecodingConfig(max_length=LONGEST, **settings)
    return search_corpus(stepper, world.sources(SOURCES), decoding, world.fields.source.collate)


@torch.no_grad()
def rescored(model: Any, source: Sequences[Array], written: Array) -> float:
    """The log-density of what was written, by `unroll`."""
    memory = model.encode(to_torch(source, torch.device("cpu")))
    first, state = model.start(memory)
    targets = torch.from_numpy(written).unsqueeze(0)
    step, _ = model.unroll(torch.cat([first.unsqueeze(1), targets[:, :-1]], 1), state, memory)
    total: float = model.head.log_prob(step, targets, memory).double().sum().item()
    return total


@value_worlds
@ways
def test_score_is_the_sum_of_the_log_densities_of_the_steps(world: World, way: str) -> None:
    stepper = stepper_of(world)
    for source, hypotheses in zip(SOURCES, answers(stepper, world, **WAYS[way]), strict=True):
        for hypothesis in hypotheses:
            count, features = hypothesis.values.shape
            assert features == world.dimensions.target.features
            assert count == LONGEST or (hypothesis.finished and 0 < count < LONGEST)
            assert not world.aligned or count == max(1, min(LONGEST, len(source)))
            score = rescored(stepper.model, world.batch([source]), hypothesis.values)
            assert hypothesis.score == pytest.approx(score, abs=1e-4)


@on(world for world in EXPORTED if not world.writes_symbols)
@ways
def test_an_answer_scored_as_a_given_target_has_its_own_score(world: World, way: str) -> None:
    sources, collate = world.sources(SOURCES), world.fields.source.collate
    for stepper in (stepper_of(world), runtime_of(world)):
        for source, hypotheses in zip(sources, answers(stepper, world, **WAYS[way]), strict=True):
            targets = [hypothesis.values for hypothesis in hypotheses]
            scores = log_likelihoods(stepper, [source] * len(targets), targets, collate)
            assert [one.score for one in hypotheses] == pytest.approx(scores.tolist(), abs=1e-4)


@value_worlds
@ways
def test_who_shares_the_batch_changes_nothing(world: World, way: str) -> None:
    stepper = stepper_of(world)
    together = answers(stepper, world, **WAYS[way])
    alone = answers(stepper, world, batch_symbols=1, **WAYS[way])
    for one, other in zip(together, alone, strict=True):
        for mine, single in zip(one, other, strict=True):
            np.testing.assert_allclose(mine.values, single.values, atol=1e-5)
            assert mine.score == pytest.approx(single.score, abs=1e-4)


@on(world for world in PLAIN if not world.writes_symbols and world.has_modes)
@torch.no_grad()
def test_no_value_is_likelier_than_the_mode(world: World) -> None:
    model = world.build()
    batch = world.examples()
    memory = model.encode(batch.source)
    step, _ = model.step(*model.start(memory), memory)
    mode = torch.from_numpy(model.head.distribution.mode(model.head.density_parameters(step, memory).numpy()))
    best = model.head.log_prob(step, mode, memory)
    for seed in range(20):
        others = mode + 0.1 * world.random_items(len(mode), seed=seed)
        assert (model.head.log_prob(step, others, memory) < best).all()


@value_worlds
def test_a_beam_is_refused(world: World) -> None:
    with pytest.raises(Mistake, match="real values"):
        answers(stepper_of(world), world, beam=3)
