"""Generation with many symbols: scoring, prefixes, ensembles and sampling, seconds in both engines."""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from unspool.config import DecodingConfig, resolve
from unspool.decoding.corpus import search_corpus
from unspool.decoding.ensemble import Ensemble
from unspool.decoding.likelihood import log_likelihoods
from unspool.fields.padding import pad
from unspool.types import FIRST_LABEL, Array, Dimensions, Stepper, Symbols

SOURCE_LENGTH, TARGET_LENGTH, PREFIX_LENGTH = 20, 30, 20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--vocabulary", type=int, default=30_000, help="symbols of each side")
    parser.add_argument("--sources", type=int, default=64, help="sources, decoded together")
    parser.add_argument("--rounds", type=int, default=3, help="number of rounds, whose median is printed")
    parser.add_argument("--model", default="luong", help="never trained, with its default settings")
    given = parser.parse_args()
    folder = tempfile.TemporaryDirectory()
    engines = [
        pair_of(given.model, given.vocabulary, engine)
        for engine in (in_torch, lambda model, known: in_onnx(model, known, Path(tempfile.mkdtemp(dir=folder.name))))
    ]
    ways = jobs(given.vocabulary, given.sources)
    print(f"{given.model}, {given.vocabulary:,} symbols, {given.sources} sources, {TARGET_LENGTH} steps")
    print("| seconds | PyTorch | ONNX Runtime |\n|---|---:|---:|")
    for label, way in ways.items():
        spent = [seconds(way, steppers, given.rounds) for steppers in engines]
        print(f"| {label} | {' | '.join(f'{each:.2f}' for each in spent)} |", flush=True)


def jobs(vocabulary: int, count: int) -> dict[str, Callable[[Sequence[Stepper]], Any]]:
    """The measured functions, each with two steppers of equal models."""
    draw = np.random.default_rng(1)

    def texts(length: int) -> list[Array]:
        return [draw.integers(FIRST_LABEL, vocabulary, length) for _ in range(count)]

    sources, targets, prefixes = texts(SOURCE_LENGTH), texts(TARGET_LENGTH), texts(PREFIX_LENGTH)

    def search(stepper: Stepper, prefixes: list[Array] | None = None, **settings: Any) -> Any:
        config = DecodingConfig(max_length=TARGET_LENGTH, batch_symbols=10**9, **settings)
        return search_corpus(stepper, sources, config, pad, prefixes=prefixes)

    return {
        "greedy": lambda two: search(two[0]),
        "beam 5": lambda two: search(two[0], beam=5),
        "score": lambda two: log_likelihoods(two[0], sources, targets, pad),
        "greedy after a prefix of 20": lambda two: search(two[0], prefixes),
        "beam 5 after a prefix of 20": lambda two: search(two[0], prefixes, beam=5),
        "sampling": lambda two: search(two[0], sample=True),
        "sampling, top-k 50": lambda two: search(two[0], sample=True, top_k=50),
        "sampling, top-p 0.9": lambda two: search(two[0], sample=True, top_p=0.9),
        "two models, greedy": lambda two: search(Ensemble(two)),
        "two models, beam 5": lambda two: search(Ensemble(two), beam=5),
        "two models, score": lambda two: log_likelihoods(Ensemble(two), sources, targets, pad),
    }


def seconds(way: Callable[[Sequence[Stepper]], Any], steppers: Sequence[Stepper], rounds: int) -> float:
    """The median of some rounds, after a warm-up round."""
    times = []
    for _ in range(rounds + 1):
        begin = time.perf_counter()
        way(steppers)
        times.append(time.perf_counter() - begin)
    return statistics.median(times[1:])


def pair_of(name: str, vocabulary: int, engine: Callable[[Any, Dimensions], Stepper]) -> list[Stepper]:
    """Two models of one kind in one engine."""
    import torch

    from unspool.models import registry

    dimensions, made = Dimensions(Symbols(vocabulary), Symbols(vocabulary)), []
    for seed in (1, 2):
        torch.manual_seed(seed)
        model: Any = registry.build(resolve({"model": name}).model, dimensions)
        made.append(engine(model.eval(), dimensions))
    return made


def in_torch(model: Any, dimensions: Dimensions) -> Stepper:
    """The model in PyTorch."""
    import torch

    from unspool.nn.stepper import TorchStepper

    return TorchStepper(model, torch.device("cpu"))


def in_onnx(model: Any, dimensions: Dimensions, folder: Path) -> Stepper:
    """The model in ONNX Runtime, exported to a folder."""
    import onnx

    from unspool.export.graphs import graphs_of
    from unspool.runtime.manifest import ENCODER, STEP, Manifest
    from unspool.runtime.stepper import open_stepper

    graphs = graphs_of(model, dimensions)
    manifest = Manifest(
        unspool="1", opset=18, quantized=None, identity="", weights="", parity={}, **graphs.names._asdict()
    )
    onnx.save(graphs.encoder, folder / ENCODER)
    onnx.save(graphs.step, folder / STEP)
    return open_stepper(folder, manifest)


if __name__ == "__main__":
    main()
