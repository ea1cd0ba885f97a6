"""One point, in a separate process: reads the point as JSON, writes seconds and MiB as JSON."""

from __future__ import annotations

import json
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

SYMBOLS = 30
LEAST_SECONDS, MOST_ROUNDS = 0.5, 15


def peak() -> float:
    """The peak memory of this process in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 1 << 20)


def seconds(work: Callable[[], object], rounds: int) -> float:
    """CPU seconds: the median of at least `rounds` rounds after a warm-up round; fast work is repeated more often.

    CPU time instead of wall time, so that other programs on the machine do not count.
    """
    work()
    times: list[float] = []
    while len(times) < rounds or (sum(times) < LEAST_SECONDS and len(times) < MOST_ROUNDS):
        begun = time.process_time()
        work()
        times.append(time.process_time() - begun)
    return statistics.median(times)


def training(point: dict[str, Any]) -> tuple[float, float]:
    """An update: forward, backward and the optimizer."""
    import torch

    from unspool.config import TrainingConfig
    from unspool.training.clock import Clock
    from unspool.training.loop import train_step
    from unspool.training.progress import Progress
    from unspool.training.train_state import TrainState
    from unspool.types import Batch

    torch.set_num_threads(point["threads"])
    config, progress = TrainingConfig(precision="fp32"), Progress()
    clock = Clock(config, progress, batches=1)
    idle = peak()
    state = TrainState(model_of(point), config, torch.device("cpu"))
    batch = Batch(symbols(point, "source"), symbols(point, "target"), np.arange(point["batch"]))
    return seconds(lambda: train_step(state, [batch], 1e-4, config, progress, clock), point["rounds"]), peak() - idle


def decoding(point: dict[str, Any]) -> tuple[float, float]:
    """A batch of sources, each with an answer of exactly this length."""
    import torch

    from unspool.config import DecodingConfig
    from unspool.decoding.search import search
    from unspool.nn.stepper import TorchStepper
    from unspool.types import EOS, FIRST_EMITTED

    torch.set_num_threads(point["threads"])
    idle = peak()
    model = model_of(point).eval()
    with torch.no_grad():
        model.head.projection.bias[EOS - FIRST_EMITTED] = -1e4  # nothing ends early
    stepper, source = TorchStepper(model, torch.device("cpu")), symbols(point, "source")
    settings = DecodingConfig(beam=point["beam"], max_length=point["target"])
    return seconds(lambda: search(stepper, source, settings), point["rounds"]), peak() - idle


def preparing(point: dict[str, Any]) -> tuple[float, float]:
    """From a table to the batches of the first epoch; only once, because it takes long."""
    from benchmarks.ten_million_pairs import write_pairs
    from unspool.config import DataConfig
    from unspool.data.buckets import epoch_batches
    from unspool.data.inputs import Files
    from unspool.data.preparation import prepare
    from unspool.data.prepared import Plan
    from unspool.types import Task

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "pairs.tsv"
        write_pairs(path, point["pairs"])
        idle, begun = peak(), time.process_time()
        prepared = prepare(Files((path,)), Plan(Task("text", "text"), DataConfig()))
        epoch_batches(prepared.corpus, 4096, 1, 0)
        return time.process_time() - begun, peak() - idle


def model_of(point: dict[str, Any]) -> Any:
    """A model in which all sizes are the width."""
    from unspool.config import resolve
    from unspool.config.run import model_settings
    from unspool.models import registry
    from unspool.types import Dimensions, Symbols

    known = model_settings()[point["model"]].model_fields
    widths = {key: point["width"] for key in known if key.endswith("_size")}
    settings = resolve({"model": {"name": point["model"]} | widths}).model
    return registry.build(settings, Dimensions(Symbols(SYMBOLS), Symbols(SYMBOLS)))


def symbols(point: dict[str, Any], side: str) -> Any:
    """Random ids, all of the same length."""
    from unspool.types import Sequences

    shape = point["batch"], point[side]
    return Sequences(np.random.default_rng(0).integers(4, SYMBOLS, shape), np.full(shape[0], shape[1]))


if __name__ == "__main__":
    point = json.loads(sys.argv[1])
    took, grown = {"training": training, "decoding": decoding, "preparing": preparing}[point["kind"]](point)
    print(json.dumps({"seconds": took, "mib": grown}))
