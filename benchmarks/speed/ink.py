"""Points of ink a second: training beside the same networks in plain PyTorch, and writing with an exported model."""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from benchmarks.speed import results
from benchmarks.speed.plain_ink import PlainPrediction, PlainSynthesis
from benchmarks.speed.tools.unspool import Unspool
from unspool.config import resolve
from unspool.export.graphs import graphs_of
from unspool.models.registry import build
from unspool.runtime.manifest import ENCODER, STEP, Manifest
from unspool.runtime.stepper import open_stepper
from unspool.training.objectives import teacher_forcing
from unspool.types import Dimensions, Ink, Question, Sequences, Symbols

LAYERS, COMPONENTS, WINDOW, SYMBOLS, EMBEDDING, LETTERS = 3, 20, 10, 80, 64, 30
NOTES = (
    "Training: points a second of whole updates (forward, backward, Adam), all of one length, no dropout.",
    "PyTorch: benchmarks/speed/plain_ink.py, nn.LSTM for every layer without a window and an nn.LSTMCell in a loop for "
    "the layer that moves one, in float32 and under bfloat16 autocast. Unspool: the same sizes, in both precisions.",
    "Writing: one drawing at a time, drawn with a bias of 0.5, on one core, exported, ONNX Runtime; a point is a step "
    "of the network and a sample. A person writes about 100 to 300 points a second, as a tablet records them.",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=400)
    parser.add_argument("--rows", type=int, default=32, help="drawings of a batch")
    parser.add_argument("--points", type=int, default=200, help="of each drawing")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2, help="of training")
    parser.add_argument("--cpu", action="store_true", help="seconds of the processor, where others use the machine too")
    given = parser.parse_args()
    clock = time.process_time if given.cpu else time.perf_counter
    torch.set_num_threads(given.threads)
    torch.manual_seed(1)
    steps = {name: made(given) for name, made in NETWORKS.items()}
    times: dict[str, list[float]] = {name: [] for name in steps}
    for number in range(given.rounds + 1):  # the first round warms up
        for name, step in steps.items():
            begun = clock()
            step()
            if number:
                times[name].append(given.rows * given.points / (clock() - begun))
    rows = [row(name, speeds) for name, speeds in times.items()]
    torch.set_num_threads(1)
    rows += [row(f"writing, {name}", written(name, given)) for name in ("graves", "synthesis")]
    print(results.keep("ink", [Unspool()], vars(given), rows, NOTES))


def row(name: str, speeds: list[float]) -> results.Row:
    """A line of the table."""
    return {"network": name, "points/s": statistics.median(speeds), "least": min(speeds), "most": max(speeds)}


def ours(name: str, given: argparse.Namespace, bf16: bool) -> Callable[[], None]:
    """An update of ours."""
    model, side = network(name, given.size), batch(given)
    text = side[0] if name == "synthesis" else Sequences(torch.zeros(given.rows, 1, 3), torch.zeros(given.rows).long())
    target = Sequences(side[2], torch.full((given.rows,), given.points))

    def loss() -> Tensor:
        return teacher_forcing(model, text, target, 0.0).smoothed / (given.rows * given.points)

    return update(model, loss, bf16)


def plain(name: str, given: argparse.Namespace, bf16: bool) -> Callable[[], None]:
    """An update of the same network in plain PyTorch."""
    sizes = given.size, LAYERS, COMPONENTS
    model = PlainSynthesis(*sizes, SYMBOLS, EMBEDDING, WINDOW) if name == "synthesis" else PlainPrediction(*sizes)
    text, inputs, targets = batch(given)
    return update(model, lambda: model(text.values, inputs, targets), bf16)


def update(model: nn.Module, loss: Callable[[], Tensor], bf16: bool) -> Callable[[], None]:
    """Forward, backward and Adam."""
    optimizer = torch.optim.Adam(model.parameters(), 1e-4, fused=True)

    def step() -> None:
        optimizer.zero_grad()
        with torch.autocast("cpu", torch.bfloat16, enabled=bf16):
            value = loss()
        value.backward()  # type: ignore[no-untyped-call]
        optimizer.step()

    return step


def batch(given: argparse.Namespace) -> tuple[Sequences[Tensor], Tensor, Tensor]:
    """A text for each drawing, the points that are fed, and those that are right."""
    text = Sequences(torch.randint(4, SYMBOLS, (given.rows, LETTERS)), torch.full((given.rows,), LETTERS))
    steps, lifted = torch.randn(given.rows, given.points, 2), torch.randint(0, 2, (given.rows, given.points, 1))
    points = torch.cat([steps, lifted], -1)
    return text, torch.cat([torch.zeros(given.rows, 1, 3), points[:, :-1]], 1), points


def network(name: str, size: int) -> Any:
    """One of ours, as large as the plain one."""
    settings = {"name": name, "size": size, "layers": LAYERS, "components": COMPONENTS, "dropout": 0.0}
    more = {"embedding_size": EMBEDDING, "window_components": WINDOW, "pace": 0.05} if name == "synthesis" else {}
    source = Symbols(SYMBOLS) if name == "synthesis" else Ink()
    return build(resolve({"model": settings | more}).model, Dimensions(source, Ink()))


def written(name: str, given: argparse.Namespace) -> list[float]:
    """Points a second of an exported model."""
    model = network(name, given.size).eval()
    source = Symbols(SYMBOLS) if name == "synthesis" else Ink()
    with tempfile.TemporaryDirectory() as place:
        graphs, folder = graphs_of(model, Dimensions(source, Ink())), Path(place)
        for file, graph in ((ENCODER, graphs.encoder), (STEP, graphs.step)):
            (folder / file).write_bytes(graph.SerializeToString())
        manifest = Manifest(
            unspool="0", opset=18, quantized=None, identity="", weights="", parity={}, **graphs.names._asdict()
        )
        stepper = open_stepper(folder, manifest, threads=1)
        clock = time.process_time if given.cpu else time.perf_counter
        return [one_drawing(stepper, name, given.points, clock) for _ in range(given.rounds)]


def one_drawing(stepper: Any, name: str, points: int, clock: Callable[[], float]) -> float:
    """As `decoding.rollout` does it, without an end."""
    draw, row = np.random.default_rng(1), np.zeros(1, dtype=np.int64)
    text = draw.integers(4, SYMBOLS, (1, LETTERS)) if name == "synthesis" else np.zeros((1, 1, 3), np.float32)
    lengths = np.array([LETTERS if name == "synthesis" else 0])
    begun, cursor, density = clock(), stepper.open(Sequences(text, lengths)), stepper.distribution
    for _ in range(points):
        answer, cursor = stepper.step(cursor, Question(everything=True))
        values = density.sample(answer.whole, draw.random((1, 4)), 1.0, 0.5).astype(np.float32)
        density.log_prob(answer.whole, values)
        cursor = stepper.select(cursor, row, row, np.minimum(values, [[np.inf, np.inf, 1.0]]).astype(np.float32))
    return points / (clock() - begun)


NETWORKS: dict[str, Callable[[argparse.Namespace], Callable[[], None]]] = {
    f"{who} {name}, {'bf16' if bf16 else 'fp32'}": partial(made, name, bf16=bf16)
    for name in ("graves", "synthesis")
    for bf16 in (False, True)
    for who, made in (("PyTorch", plain), ("Unspool", ours))
}


if __name__ == "__main__":
    main()
