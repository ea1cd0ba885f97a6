"""A source without an end: pieces give what the whole gives, with both engines, and memory does not grow."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch

from drifting import drifting
from exported import runtime_of
from unspool.decoding.greedy import decode_greedy
from unspool.decoding.streaming import stream
from unspool.errors import Mistake
from unspool.fields.padding import pad
from unspool.nn.stepper import TorchStepper
from unspool.types import Array, Sequences, Stepper, Task
from worlds import SOURCE_FEATURES, World

ONE_WAY = World("tagger", "one-way-values", {"bidirectional": False}, Task("values", "aligned_values"))
LABELS = World("tagger", "one-way-labels", {"bidirectional": False, "encoder_layers": 2}, Task("values", "tags"))
STEPS = np.random.default_rng(1).normal(size=(11, SOURCE_FEATURES)).astype(np.float32)


def torch_stepper(world: World) -> TorchStepper:
    return TorchStepper(world.build(), torch.device("cpu"))


def pieces(*lengths: int) -> Iterator[Sequences[Array]]:
    ends = np.cumsum(lengths)
    assert ends[-1] == len(STEPS)
    return (pad([piece]) for piece in np.split(STEPS, ends[:-1]))


def streamed(stepper: Stepper, *lengths: int) -> Array:
    return np.concatenate(list(stream(stepper, pieces(*lengths))))


@pytest.mark.parametrize("world", [ONE_WAY, LABELS], ids=["values", "labels"])
def test_pieces_give_what_a_search_over_the_whole_gives(world: World) -> None:
    stepper = torch_stepper(world)
    (whole,) = decode_greedy(stepper, pad([STEPS]), len(STEPS))
    for lengths in ((11,), (1,) * 11, (4, 1, 6)):
        np.testing.assert_allclose(streamed(stepper, *lengths), whole.output, atol=1e-5)


@pytest.mark.parametrize(
    "world", [ONE_WAY, pytest.param(LABELS, marks=pytest.mark.exhaustive)], ids=["values", "labels"]
)
def test_the_runtime_streams_as_pytorch_does(world: World) -> None:
    exported = runtime_of(world)
    assert exported.manifest.carries and not any("position" in name for name in exported.manifest.carries)
    expected = streamed(torch_stepper(world), 11)
    np.testing.assert_allclose(streamed(exported, 4, 1, 6), expected, atol=1e-4)


def test_a_model_that_must_see_the_whole_is_refused() -> None:
    both_ways = World("tagger", "both-ways", {}, Task("values", "aligned_values"))
    for stepper in (torch_stepper(both_ways), TorchStepper(drifting(), torch.device("cpu"))):
        with pytest.raises(Mistake, match="whole source before it can answer"):
            next(stream(stepper, pieces(11)))


MEASURED = """
import resource, sys
import numpy as np
sys.path[:0] = {paths!r}
from test_streaming import ONE_WAY, stream, torch_stepper
from exported import runtime_of
from unspool.fields.padding import pad
stepper = torch_stepper(ONE_WAY) if sys.argv[1] == "torch" else runtime_of(ONE_WAY)
draw, steps = np.random.default_rng(1), int(sys.argv[2])
pieces = (pad([draw.normal(size=(1000, 3)).astype(np.float32)]) for _ in range(steps // 1000))
print(sum(map(len, stream(stepper, pieces))), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.mark.exhaustive
@pytest.mark.parametrize("engine", ["torch", "onnx"])
def test_two_million_steps_take_the_memory_of_a_few(engine: str) -> None:
    runtime_of(ONE_WAY)  # exported before it is measured
    code = MEASURED.format(paths=[str(Path(__file__).parent), *filter(None, sys.path)])
    most = []
    for steps in (20_000, 2_000_000):
        said = subprocess.run(
            [sys.executable, "-c", code, engine, str(steps)], capture_output=True, text=True, check=True
        )
        count, kilobytes = map(int, said.stdout.split())
        assert count == steps
        most.append(kilobytes)
    assert most[1] - most[0] < 20_000, f"{most} KB"
