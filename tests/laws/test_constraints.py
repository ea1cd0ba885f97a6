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
from unspool.types import EOS, FIRST_LABEL
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
LABELS = trie(np.array([FIRST_LABEL + 1, FIRST_LABEL + 2]), np.array([1, 1]))
label_worlds = on(world for world in EXPORTED if world.task.target == "label" and world.task.source == "text")
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


@label_worlds
def test_of_permitted_labels_the_likeliest_is_chosen(world: World) -> None:
    sources, collate = world.sources(SOURCES), world.fields.source.collate
    for stepper in (TorchStepper(world.build(), torch.device("cpu")), runtime_of(world)):
        everything = search_corpus(stepper, sources, DecodingConfig(beam=9, n_best=9), collate)
        for settings in (DecodingConfig(), DecodingConfig(beam=3, n_best=2), DecodingConfig(sample=True, top_p=0.01)):
            found = search_corpus(stepper, sources, settings, collate, permitted=LABELS)
            for answers, free in zip(found, everything, strict=True):
                kept = [one for one in free if one.items in ((FIRST_LABEL + 1,), (FIRST_LABEL + 2,))]
                assert [one.items for one in answers] == [one.items for one in kept[: settings.n_best]]
                assert [one.score for one in answers] == pytest.approx([one.score for one in kept][: settings.n_best])
