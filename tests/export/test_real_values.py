"""Models of real values as graphs: the encoder reads `[B, S, F]` in floats."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
import torch

from unspool.decoding.greedy import decode_greedy
from unspool.export.graphs import graphs_of
from unspool.export.parity import check_exact, measure_agreement
from unspool.export.quantized import quantize
from unspool.nn.stepper import TorchStepper
from unspool.runtime.manifest import ENCODER, STEP, Manifest
from unspool.runtime.stepper import OnnxStepper, open_stepper
from unspool.types import SPECIALS, Array, Dimensions, Labels, Question, Sizes, Symbols, Values, pad_sources
from worlds import PLAIN, World

SIZES = Sizes(source=len(SPECIALS), target=8, features=3)
READS = ("bahdanau", "cho", "classifier", "gnmt", "luong", "sutskever", "tagger")
TARGETS = {True: Labels(SIZES.target), False: Symbols(SIZES.target)}
value_worlds = pytest.mark.parametrize(
    "world", [world for world in PLAIN if world.model in READS and world.label == "default"], ids=lambda w: w.model
)


def dimensions_of(world: World) -> Dimensions:
    return Dimensions(Values(SIZES.features), TARGETS[world.labels])


def both(world: World, folder: Path, *, rounded: bool = False) -> tuple[TorchStepper, OnnxStepper]:
    """A model and its graphs."""
    model = world.build(SIZES)
    graphs = graphs_of(model, dimensions_of(world))
    for graph, name in ((graphs.encoder, ENCODER), (graphs.step, STEP)):
        quantize(graph, folder / name) if rounded else onnx.save(graph, folder / name)
    manifest = Manifest(
        unspool="1", opset=18, quantized=None, identity="", weights="", parity={}, **graphs.names._asdict()
    )
    return TorchStepper(model, torch.device("cpu")), open_stepper(folder, manifest, threads=1)


def sequences(lengths: tuple[int, ...]) -> list[Array]:
    return [np.random.default_rng(length).normal(size=(length, 3)).astype(np.float32) for length in lengths]


@value_worlds
def test_graphs_equal_the_model_and_answer_as_it_does(world: World, tmp_path: Path) -> None:
    model, exported = both(world, tmp_path)
    found = check_exact(model, exported, dimensions_of(world))
    assert max(found["log_prob"], found["attention"]) < 1e-5
    source = pad_sources(sequences((6, 1, 11)))
    for one, other in zip(decode_greedy(model, source, 8), decode_greedy(exported, source, 8), strict=True):
        assert one.items == other.items and one.score == pytest.approx(other.score, abs=1e-4)


def test_what_is_compared_depends_on_the_values(tmp_path: Path) -> None:
    model, exported = both(next(world for world in PLAIN if world.model == "luong"), tmp_path)
    low, high = (stepper.open(pad_sources([values])) for stepper, values in
                 ((model, sequences((4,))[0]), (exported, sequences((4,))[0] + 1)))  # fmt: skip
    one, other = model.step(low, Question(1))[0], exported.step(high, Question(1))[0]
    assert abs(one.best[1] - other.best[1]).max() > 1e-3


def test_rounded_graphs_stay_near_the_model(tmp_path: Path) -> None:
    world = next(world for world in PLAIN if world.model == "luong")
    assert 0 < measure_agreement(*both(world, tmp_path, rounded=True), dimensions_of(world))["log_prob"] < 0.5
