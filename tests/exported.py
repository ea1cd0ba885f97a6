"""Exported worlds, each made once for all tests and processes: tracing takes seconds."""

from __future__ import annotations

import os
import shutil
import tempfile
from functools import cache
from pathlib import Path

import onnx
from torch.onnx._internal.exporter import _registration

from unspool.export.graphs import graphs_of
from unspool.runtime.manifest import ENCODER, STEP, Manifest, read_manifest, write_manifest
from unspool.runtime.stepper import OnnxStepper, open_stepper
from worlds import World

# PyTorch collects its translations anew for each graph, which takes a second; ours change none of them.
_registration.ONNXRegistry.from_torchlib = staticmethod(cache(_registration.ONNXRegistry.from_torchlib))  # type: ignore

# `conftest.py` makes it for all processes of one run of the tests.
SHELF = Path(os.environ["UNSPOOL_TESTS_SHARED"])


@cache
def exported(world: World) -> Path:
    """A folder with the graphs and the manifest of `world.build()`: what a stepper needs, and no tokenizers."""
    finished = SHELF / f"{world.model}-{world.label}"
    if finished.exists():
        return finished
    folder = Path(tempfile.mkdtemp(dir=SHELF))
    graphs = graphs_of(world.build(), world.dimensions)
    onnx.save(graphs.encoder, folder / ENCODER)
    onnx.save(graphs.step, folder / STEP)
    names = graphs.names._asdict()
    write_manifest(folder, Manifest(unspool="1", opset=18, quantized=None, identity="", weights="", parity={}, **names))
    try:
        folder.rename(finished)
    except OSError:  # another process was faster
        shutil.rmtree(folder)
    return finished


def runtime_of(world: World) -> OnnxStepper:
    """The runtime's stepper of a world."""
    return open_stepper(exported(world), read_manifest(exported(world)), threads=1)
