"""Models keep to the brake on repetition, alike in both engines."""

from __future__ import annotations

import numpy as np
import torch

from exported import runtime_of
from unspool.config import DecodingConfig
from unspool.decoding import search_corpus
from unspool.nn.stepper import TorchStepper
from worlds import EXPORTED, World, on

SOURCES = [np.array(ids, dtype=np.int64) for ids in ([4, 5, 6, 2], [7])]
WAYS = [{}, {"beam": 3, "n_best": 3}, {"sample": True, "n_best": 2, "temperature": 1.5}]
# The brake knows nothing of a model but its symbols, so these two stand for all: one copies symbols beyond its own.
CHOSEN = {("transformer", "default"), ("luong", "copying-fed")}
chosen_worlds = on(world for world in EXPORTED if (world.model, world.label) in CHOSEN)


@chosen_worlds
def test_no_run_of_two_symbols_stands_in_an_answer_twice(world: World) -> None:
    sources, collate = world.sources(SOURCES), world.fields.source.collate
    for way in WAYS:
        settings, alike = DecodingConfig(max_length=12, no_repeat=2, **way), []
        for stepper in (TorchStepper(world.build(), torch.device("cpu")), runtime_of(world)):
            found = search_corpus(stepper, sources, settings, collate)
            alike.append([[answer.items for answer in answers] for answers in found])
            for items in (items for answers in alike[-1] for items in answers):
                runs = [items[begin : begin + 2] for begin in range(len(items) - 1)]
                assert len(runs) == len(set(runs))
        assert alike[0] == alike[1]
