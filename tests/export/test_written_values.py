"""Models that write real values as graphs: the step reads `[R, F]` and gives the parameters of a density."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch

from drifting import DIMENSIONS, READ, WRITTEN, drifting, sources
from unspool.config import DecodingConfig
from unspool.decoding import search_corpus
from unspool.decoding.likelihood import log_likelihoods
from unspool.export.graphs import Graphs, graphs_of
from unspool.export.parity import check_exact, measure_agreement
from unspool.export.quantized import quantize
from unspool.fields.padding import pad
from unspool.nn.stepper import TorchStepper
from unspool.runtime.manifest import ENCODER, STEP, Manifest, read_manifest, write_manifest
from unspool.runtime.stepper import OnnxStepper, open_stepper

SEARCHES = {"greedy": {}, "samples": {"sample": True, "n_best": 3, "temperature": 1.5}}


@cache
def traced() -> Graphs:
    return graphs_of(drifting(stops=True), DIMENSIONS)


def both(folder: Path, *, rounded: bool = False) -> tuple[TorchStepper, OnnxStepper]:
    """A model and its graphs."""
    graphs = traced()
    for graph, name in ((graphs.encoder, ENCODER), (graphs.step, STEP)):
        quantize(graph, folder / name) if rounded else onnx.save(graph, folder / name)
    names = graphs.names._asdict()
    write_manifest(folder, Manifest(unspool="1", opset=18, quantized=None, identity="", weights="", parity={}, **names))
    exported = open_stepper(folder, read_manifest(folder), threads=1)
    return TorchStepper(drifting(stops=True), torch.device("cpu")), exported


def test_the_manifest_names_the_distribution_and_graphs_have_no_classes(tmp_path: Path) -> None:
    _, exported = both(tmp_path)
    assert exported.manifest.distribution == "gaussian" and exported.manifest.answers == ["everything"]
    step = onnx.load(tmp_path / STEP).graph
    assert [value.name for value in step.output] == ["everything", "done", "next.state"]
    assert {value.name for value in step.input} == {"last", "rows", "state", "memory.summary"}
    assert exported.distribution is not None and READ != WRITTEN


def test_graphs_equal_the_model(tmp_path: Path) -> None:
    found = check_exact(*both(tmp_path), DIMENSIONS)
    assert found["log_prob"] < 1e-5 and found["attention"] == 0


@pytest.mark.parametrize("way", SEARCHES)
def test_the_runtime_answers_as_pytorch_does(tmp_path: Path, way: str) -> None:
    settings = DecodingConfig(max_length=6, **SEARCHES[way])
    read = sources(6, 1, 11, 2)
    found, expected = (search_corpus(stepper, read, settings, pad) for stepper in both(tmp_path))
    for ours, theirs in zip(found, expected, strict=True):
        for one, other in zip(ours, theirs, strict=True):
            assert one.finished == other.finished and one.score == pytest.approx(other.score, abs=1e-3)
            np.testing.assert_allclose(one.values, other.values, atol=1e-4)


def test_given_values_score_alike(tmp_path: Path) -> None:
    read = sources(3, 5)
    targets = [np.random.default_rng(n).normal(size=(1 + n, WRITTEN)).astype(np.float32) for n in range(2)]
    one, other = (log_likelihoods(stepper, read, targets, pad) for stepper in both(tmp_path))
    np.testing.assert_allclose(one, other, rtol=1e-4)


def test_rounded_graphs_are_compared_by_their_densities(tmp_path: Path) -> None:
    found = measure_agreement(*both(tmp_path, rounded=True), DIMENSIONS)
    assert set(found) == {"sources", "log_prob"} and 0 < found["log_prob"] < 0.5
