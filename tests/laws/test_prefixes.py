"""An answer goes on from a beginning as if the model had written that beginning itself."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from exported import runtime_of
from unspool.config import DecodingConfig
from unspool.decoding import search_corpus
from unspool.decoding.likelihood import log_likelihoods
from unspool.nn.stepper import TorchStepper
from unspool.types import EOS, Stepper
from worlds import EXPORTED, World, on

SOURCES = [np.array(ids, dtype=np.int64) for ids in ([4, 5, 6, 2], [7], [8, 4, 8], [3, 2, 8, 5, 7])]
PREFIXES = [np.array(ids, dtype=np.int64) for ids in ([6, 4], [], [5, 5, 7], [4])]
SEARCHES: dict[str, dict[str, Any]] = {
    "greedy": {},
    "a beam": {"beam": 4, "n_best": 4},
    "samples": {"sample": True, "n_best": 3, "temperature": 1.5},
}
text_worlds = on(world for world in EXPORTED if world.task.target == "text")


def steppers(world: World) -> tuple[Stepper, Stepper]:
    return TorchStepper(world.build(), torch.device("cpu")), runtime_of(world)


@text_worlds
def test_of_the_greedy_answers_own_beginning_comes_the_greedy_answer(world: World) -> None:
    settings, sources, collate = DecodingConfig(max_length=8), world.sources(SOURCES), world.fields.source.collate
    for stepper in steppers(world):
        free = search_corpus(stepper, sources, settings, collate)
        for cut in range(1, 8):
            prefixes = [np.array(answer.items[:cut], dtype=np.int64) for (answer,) in free]
            led = search_corpus(stepper, sources, settings, collate, prefixes=prefixes)
            for (one,), (other,) in zip(led, free, strict=True):
                assert (one.items, one.finished) == (other.items, other.finished)
                assert one.score == pytest.approx(other.score, abs=1e-5)


@text_worlds
@pytest.mark.parametrize("way", SEARCHES)
def test_answers_begin_as_told_and_score_what_the_model_says_of_them(world: World, way: str) -> None:
    sources, collate = world.sources(SOURCES), world.fields.source.collate
    settings = DecodingConfig(max_length=7, **SEARCHES[way])
    for stepper in steppers(world):
        found = search_corpus(stepper, sources, settings, collate, prefixes=PREFIXES)
        for source, prefix, hypotheses in zip(sources, PREFIXES, found, strict=True):
            written = [np.array([*h.items, *[EOS] * h.finished]) for h in hypotheses]
            assert all(items[: len(prefix)].tolist() == prefix.tolist() for items in written)
            scores = log_likelihoods(stepper, [source] * len(written), written, collate)
            assert [h.score for h in hypotheses] == pytest.approx(scores.tolist(), abs=1e-5)
