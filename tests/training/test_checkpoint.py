"""Files of weights and checkpoints: whose they are, and whether a bit of them has changed."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, safe_open, save_file
from torch import nn

from unspool.errors import Mistake
from unspool.training.checkpoint import read_checkpoint, read_weights, write_checkpoint, write_weights
from unspool.training.progress import Progress
from unspool.training.random_state import RandomState
from unspool.training.tensor_file import read_tensors, write_tensors

CPU = torch.device("cpu")


def model() -> nn.Module:
    torch.manual_seed(1)
    return nn.Sequential(nn.Linear(3, 4), nn.Linear(4, 2))


def trained() -> tuple[nn.Module, torch.optim.Optimizer]:
    network = model()
    optimizer = torch.optim.AdamW(network.parameters())
    network(torch.ones(1, 3)).sum().backward()
    optimizer.step()
    return network, optimizer


@pytest.fixture
def checkpoint(tmp_path: Path) -> Path:
    network, optimizer = trained()
    path = tmp_path / "last.safetensors"
    write_checkpoint(path, network, network, optimizer, RandomState(CPU, 1), Progress(update=7, best=0.5), "mine")
    return path


def read(path: Path, run: str | None = "mine") -> Progress:
    network = model()
    return read_checkpoint(path, network, network, torch.optim.AdamW(network.parameters()), RandomState(CPU), run)


def rewritten(path: Path, header: dict[str, str] | None = None, drop: str = "", **changed: torch.Tensor) -> Path:
    """The file without a hash, as release 0.1.0 wrote it, with some parts changed."""
    tensors = {name: tensor for name, tensor in load_file(path).items() if name != drop} | changed
    with safe_open(path, "pt") as file:
        known = {name: text for name, text in file.metadata().items() if name != "hash"}
    save_file(tensors, path, known | (header or {}))
    return path


def test_it_comes_back_as_it_was(checkpoint: Path) -> None:
    assert read(checkpoint) == Progress(update=7, best=0.5)


@pytest.mark.parametrize("run", ["another", None])
def test_a_checkpoint_of_another_run_is_refused(run: str | None, checkpoint: Path) -> None:
    with pytest.raises(Mistake, match="another run"):
        read(checkpoint, run)


def test_any_changed_bit_is_noticed(checkpoint: Path) -> None:
    content, draw = checkpoint.read_bytes(), random.Random(1)
    for place in draw.sample(range(8 * len(content)), 300):
        flipped = bytearray(content)
        flipped[place // 8] ^= 1 << place % 8
        checkpoint.write_bytes(flipped)
        try:
            progress = read(checkpoint)
        except Mistake:
            continue
        # The name of the hash was changed, so there is none; everything else is as it was.
        assert b'"hash"' not in flipped and progress == Progress(update=7, best=0.5)


@pytest.mark.parametrize("drop", ["random.cpu", "model.0.weight", "optimizer.0.exp_avg", "optimizer.2.step"])
def test_a_checkpoint_that_lacks_a_part_is_a_mistake(drop: str, checkpoint: Path) -> None:
    with pytest.raises(Mistake, match=r"last\.safetensors"):
        read(rewritten(checkpoint, drop=drop))


@pytest.mark.parametrize("progress", ["", "[]", '{"update": "many"}', '{"update": 1e400}', "[" * 100_000])
def test_a_progress_that_is_none_is_a_mistake(progress: str, checkpoint: Path) -> None:
    with pytest.raises(Mistake, match=r"last\.safetensors"):
        read(rewritten(checkpoint, {"progress": progress}))


def test_moments_of_another_network_are_a_mistake(checkpoint: Path) -> None:
    with pytest.raises(Mistake, match=r"optimizer\.1"):
        read(rewritten(checkpoint, **{"optimizer.1.exp_avg": torch.zeros(7)}))


def test_what_an_older_release_wrote_is_read(checkpoint: Path) -> None:
    rewritten(checkpoint, {"progress": '{"update": 7, "lines": 12, "seconds": 1.5, "finished": true}'})
    assert read(checkpoint) == Progress(update=7, seconds=1.5, finished=True)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_weights_that_are_no_numbers_are_refused(value: float, tmp_path: Path) -> None:
    network = model()
    with torch.no_grad():
        network[1].weight[0, 0] = value
    write_weights(tmp_path / "model.safetensors", network, "identity")
    with pytest.raises(Mistake, match=r"no finite numbers, in 1\.weight"):
        read_weights(tmp_path / "model.safetensors", model(), "identity")


def test_every_type_and_shape_has_a_hash(tmp_path: Path) -> None:
    kinds = (torch.float32, torch.bfloat16, torch.int64, torch.uint8, torch.bool)
    tensors = {str(kind): torch.ones(2, 3).to(kind) for kind in kinds} | {
        "one": torch.tensor(2.0),
        "none": torch.empty(0),
    }
    write_tensors(tmp_path / "file", tensors, {"name": "value"})
    found, header = read_tensors(tmp_path / "file")
    assert header == {"name": "value"} and all(torch.equal(found[name], tensors[name]) for name in tensors)
