"""Every model keeps to the permitted answers, alike in both engines, and in an ensemble of both."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from exported import runtime_of
from unspool.config import DecodingConfig
from unspool.decoding import search_corpus
from unspool.decoding.automaton import trie
from unspool.decoding.ensemble import Ensemble
from unspool.decoding.likelihood import log_likelihoods
from unspool.nn.stepper import TorchStepper
from unspool.types import EOS
from worlds import EXPORTED, World, on

SOURCES = [np.array(ids, dtype=np.int64) for ids in ([4, 5, 6, 2], [7], [8, 4, 8])]
ANSWERS = {(6, 4), (), (5, 5, 7), (5, 5), (4, 7, 7, 7, 7), (7, 6)}
WHOLE = [(*answer, EOS) for answer in sorted(ANSWERS)]
PERMITTED = trie(np.array([item for answer in WHOLE for item in answer]), np.array([*map(len, WHOLE)]))
SEARCHES: dict[str, dict[str, Any]] = {
    "greedy": {},
    "a beam": {"beam": 5, "n_best": 5},
    "samples": {"sample": True, "n_best": 2, "temperature": 1.5},
}
text_worlds = on(world for world in EXPORTED if world.task.target == "text")


@text_worlds
def test_answers_are_permitted_and_score_what_the_model_says_of_them(world: World) -> None:
    torch_stepper, runtime = TorchStepper(world.build(), torch.device("cpu")), runtime_of(world)
    sources, collate = world.sources(SOURCES), world.fields.source.collate
    for way in SEARCHES.values():
        settings, alike = DecodingConfig(max_length=6, **way), []
        for stepper in (torch_stepper, runtime, Ensemble([torch_stepper, runtime])):
            found = search_corpus(stepper, sources, settings, collate, permitted=PERMITTED)
            alike.append([[answer.items for answer in answers] for answers in found])
            for source, answers in zip(sources, found, strict=True):
                assert {answer.items for answer in answers} <= ANSWERS and all(answer.finished for answer in answers)
                written = [np.array([*answer.items, EOS]) for answer in answers]
                scores = log_likelihoods(stepper, [source] * len(written), written, collate)
                assert [answer.score for answer in answers] == pytest.approx(scores.tolist(), abs=1e-5)
        assert alike[0] == alike[1] == alike[2]
