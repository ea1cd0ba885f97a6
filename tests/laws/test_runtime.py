"""The runtime without PyTorch says what PyTorch says: every search, at lengths and batch sizes of its own."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from exported import runtime_of
from unspool.config import DecodingConfig
from unspool.decoding import Hypothesis, search_corpus
from unspool.nn.stepper import TorchStepper
from worlds import World, exported_worlds

SOURCES = [np.array(ids, dtype=np.int64) for ids in ([4, 5, 6, 2], [7], [], [8, 4, 8], [3, 2, 8, 5, 7, 6, 4, 4, 3])]
SEARCHES = {
    "greedy": {},
    "a beam": {"beam": 4, "n_best": 4},
    "a beam that must cover": {"beam": 4, "n_best": 4, "coverage_penalty": 0.3},
    "a beam wider than the vocabulary": {"beam": 9, "n_best": 5, "length_penalty": 0},
    "one at a time": {"beam": 3, "batch_symbols": 1},
    "samples": {"sample": True, "n_best": 5, "seed": 3},
    "samples of a nucleus": {"sample": True, "n_best": 3, "temperature": 1.7, "top_p": 0.8},
    "samples of a few": {"sample": True, "n_best": 3, "temperature": 2.0, "top_k": 3},
}
# Of real values there are no best ones.
VALUES_SEARCHES = {
    "greedy": {},
    "samples": {"sample": True, "n_best": 5, "seed": 3},
    "samples near the likely": {"sample": True, "n_best": 2, "temperature": 0.5},
}


def same(one: Hypothesis, other: Hypothesis) -> None:
    assert (one.items, one.finished) == (other.items, other.finished)
    assert one.score == pytest.approx(other.score, abs=1e-4)
    if other.values is not None:
        np.testing.assert_allclose(one.values, other.values, atol=1e-4)
    looked, expected = weights_of(one.attention), weights_of(other.attention)
    for weights, others in zip(looked, expected, strict=True):
        np.testing.assert_allclose(weights, others, atol=1e-5)


def weights_of(attention: Any) -> list[Any]:
    """All weights of a tree of attention: none, one array, or several, ragged ones too."""
    if attention is None:
        return []
    parts = attention if isinstance(attention, tuple | list) else [attention]
    return [weights for part in parts for weights in (weights_of(part) if isinstance(part, tuple | list) else [part])]


@exported_worlds
def test_the_runtime_answers_as_pytorch_does(world: World) -> None:
    ours, theirs = runtime_of(world), TorchStepper(world.build(), torch.device("cpu"))
    sources, collate = world.sources(SOURCES), world.fields.source.collate
    looked = search_corpus(theirs, sources[:1], DecodingConfig(max_length=1), collate)[0][0].attention
    for label, search in (SEARCHES if world.writes_symbols else VALUES_SEARCHES).items():
        if "coverage_penalty" in search and not isinstance(looked, np.ndarray):
            continue
        settings: Any = DecodingConfig(max_length=7, **search)
        answers = [search_corpus(stepper, sources, settings, collate) for stepper in (ours, theirs)]
        for found, expected in zip(*answers, strict=True):
            assert len(found) == len(expected) > 0, label
            for one, other in zip(found, expected, strict=True):
                same(one, other)
