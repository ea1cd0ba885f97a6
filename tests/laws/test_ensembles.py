"""An ensemble of real models: of one with itself it is the model, of several the mean of their probabilities."""

from __future__ import annotations

from itertools import chain
from typing import Any

import numpy as np
import pytest
import torch

from exported import runtime_of
from unspool.config import DecodingConfig
from unspool.decoding import Hypothesis, search_corpus
from unspool.decoding.ensemble import Ensemble
from unspool.fields.padding import pad
from unspool.nn.stepper import TorchStepper, to_torch
from unspool.types import EOS, Array, Stepper
from worlds import EXPORTED, PLAIN, World, leaves, on

SOURCES = [np.array(ids, dtype=np.int64) for ids in ([4, 5, 6, 2], [7], [8, 4, 8])]
SEARCHES = {
    "greedy": {},
    "a beam": {"beam": 4, "n_best": 4},
    "samples": {"sample": True, "n_best": 3, "temperature": 1.5},
}
DEFAULTS = {world.model: world for world in PLAIN if world.label == "default"}


def stepper(world: World, seed: int = 1) -> TorchStepper:
    return TorchStepper(world.build(seed=seed), torch.device("cpu"))


def answers(asked: Stepper, world: World, **search: Any) -> list[list[Hypothesis]]:
    return search_corpus(
        asked, world.sources(SOURCES), DecodingConfig(max_length=7, **search), world.fields.source.collate
    )


def assert_same(found: list[list[Hypothesis]], expected: list[list[Hypothesis]], tolerance: float) -> None:
    for one, other in zip(chain(*found), chain(*expected), strict=True):
        assert (one.items, one.finished) == (other.items, other.finished)
        assert one.score == pytest.approx(other.score, abs=tolerance)
        for weights, others in zip(leaves(one.attention), leaves(other.attention), strict=True):
            np.testing.assert_allclose(weights, others, atol=tolerance)


@on(world for world in EXPORTED if world.writes_symbols)
@pytest.mark.parametrize("way", SEARCHES)
def test_of_one_model_with_itself_it_is_the_model_whatever_runs_it(world: World, way: str) -> None:
    alone = stepper(world)
    expected = answers(alone, world, **SEARCHES[way])
    assert_same(answers(Ensemble([alone, alone]), world, **SEARCHES[way]), expected, 1e-5)
    assert_same(answers(Ensemble([alone, runtime_of(world)]), world, **SEARCHES[way]), expected, 1e-4)


@torch.no_grad()
def probabilities(model: Any, source: Array, written: tuple[int, ...]) -> Array:
    """Of each item written, behind those before it, by `unroll`."""
    memory = model.encode(to_torch(pad([source]), torch.device("cpu")))
    first, state = model.start(memory)
    targets = torch.tensor([written])
    step, _ = model.unroll(torch.cat([first.unsqueeze(1), targets[:, :-1]], 1), state, memory)
    found: Array = model.head.log_prob(step, targets, memory)[0].double().exp().numpy()
    return found


@pytest.mark.parametrize("way", SEARCHES)
def test_of_unlike_models_a_score_is_the_mean_probability_of_each_step(way: str) -> None:
    members = [stepper(DEFAULTS[name]) for name in ("luong", "sutskever", "bahdanau")]
    found = answers(Ensemble(members), DEFAULTS["luong"], **SEARCHES[way])
    for source, hypotheses in zip(SOURCES, found, strict=True):
        for hypothesis in hypotheses:
            written = (*hypothesis.items, *[EOS] * hypothesis.finished)
            steps = np.mean([probabilities(member.model, source, written) for member in members], 0)
            assert hypothesis.score == pytest.approx(np.log(steps).sum(), abs=1e-5)
            assert hypothesis.attention is not None and hypothesis.attention.shape == (len(written), len(source))


def test_it_does_not_matter_who_shares_the_batch() -> None:
    members = Ensemble([stepper(DEFAULTS["luong"]), stepper(DEFAULTS["cho"]), runtime_of(DEFAULTS["bahdanau"])])
    together = answers(members, DEFAULTS["luong"], beam=3, n_best=3)
    alone = answers(members, DEFAULTS["luong"], beam=3, n_best=3, batch_symbols=1)
    assert_same(together, alone, 1e-5)
