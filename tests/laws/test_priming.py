"""A primed answer is what the model writes after it has written the items of the prime itself."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from exported import runtime_of
from unspool.config import DecodingConfig
from unspool.decoding import search_corpus
from unspool.decoding.likelihood import log_likelihoods
from unspool.decoding.priming import Primed
from unspool.nn.stepper import TorchStepper
from worlds import PLAIN, World, on

SOURCES = [np.array(ids, dtype=np.int64) for ids in ([4, 5, 6, 2], [7], [8, 4, 8])]
WAYS: dict[str, dict[str, Any]] = {
    "modes": {},
    "samples": {"sample": True, "n_best": 2},
    "neat samples": {"sample": True, "bias": 1.0},
}
synthesis = on(world for world in PLAIN if world.model == "synthesis" and world.label == "default")


def prime(world: World) -> np.ndarray[Any, Any]:
    return world.random_items(4, seed=5).numpy()


@synthesis
@pytest.mark.parametrize("way", WAYS)
def test_its_score_is_what_it_adds_to_the_score_of_the_prime(world: World, way: str) -> None:
    stepper, collate = TorchStepper(world.build(), torch.device("cpu")), world.fields.source.collate
    settings = DecodingConfig(max_length=5, **WAYS[way])
    found = search_corpus(Primed(stepper, prime(world)), world.sources(SOURCES), settings, collate)
    for source, hypotheses in zip(world.sources(SOURCES), found, strict=True):
        whole = [np.concatenate([prime(world), one.values]) for one in hypotheses]
        both = log_likelihoods(stepper, [source] * len(whole), whole, collate)
        before = log_likelihoods(stepper, [source], [prime(world)], collate)
        assert [one.score for one in hypotheses] == pytest.approx((both - before).tolist(), abs=1e-4)


@synthesis
def test_the_runtime_goes_on_in_the_same_hand(world: World) -> None:
    steppers = TorchStepper(world.build(), torch.device("cpu")), runtime_of(world)
    settings = DecodingConfig(max_length=6, sample=True, n_best=2, bias=0.5)
    sources, collate = world.sources(SOURCES), world.fields.source.collate
    ours, theirs = (search_corpus(Primed(each, prime(world)), sources, settings, collate) for each in steppers)
    for one, other in zip(ours, theirs, strict=True):
        for mine, runtimes in zip(one, other, strict=True):
            np.testing.assert_allclose(mine.values, runtimes.values, atol=1e-4)
            assert mine.score == pytest.approx(runtimes.score, abs=1e-4)
