"""Checkpoints: everything that an exact resume needs, in one file without pickle.

Tensors (weights, their mean, the optimizer's moments, the random state) are the file's arrays. Plain numbers (epoch,
batch, update, time, best metric) are JSON in its header. A file replaces the previous one when it is complete on disk.
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor, nn

from unspool.errors import Mistake
from unspool.folder import replace
from unspool.training.progress import Progress


def write_checkpoint(
    path: Path, model: nn.Module, average: nn.Module, optimizer: torch.optim.Optimizer, progress: Progress
) -> None:
    """Write atomically; a full disk is a `Mistake`, and the last checkpoint stays as it was."""
    tensors = {f"model.{name}": tensor for name, tensor in model.state_dict().items()}
    if average is not model:
        tensors |= {f"average.{name}": tensor for name, tensor in average.state_dict().items()}
    for index, moments in optimizer.state_dict()["state"].items():
        tensors |= {f"optimizer.{index}.{name}": tensor for name, tensor in moments.items()}
    tensors |= {f"random.{name}": state for name, state in _random_states().items()}
    write_tensors(path, tensors, {"progress": json.dumps(asdict(progress))})


def read_checkpoint(path: Path, model: nn.Module, average: nn.Module, optimizer: torch.optim.Optimizer) -> Progress:
    """Restore everything from a checkpoint."""
    tensors, header = read_tensors(path)
    load_weights(model, _part(tensors, "model."), path)
    if average is not model:
        load_weights(average, _part(tensors, "average."), path)
    moments: dict[int, dict[str, Tensor]] = {}
    for name, tensor in _part(tensors, "optimizer.").items():
        index, moment = name.split(".", 1)
        moments.setdefault(int(index), {})[moment] = tensor
    optimizer.load_state_dict(optimizer.state_dict() | {"state": moments})
    _set_random_states(_part(tensors, "random."))
    return Progress(**json.loads(header["progress"]))


def copy_checkpoint(source: Path, path: Path) -> None:
    """A hard link to a checkpoint: checkpoints are replaced, never changed, so both names can share one file."""
    partial = path.with_name(path.name + ".partial")
    partial.unlink(missing_ok=True)
    try:
        os.link(source, partial)
    except OSError:  # a file system without hard links
        shutil.copyfile(source, partial)
    os.replace(partial, path)


def write_weights(path: Path, model: nn.Module, identity: str) -> None:
    """Write only the weights, and the identity of their run."""
    write_tensors(path, model.state_dict(), {"identity": identity})


def read_weights(path: Path, model: nn.Module, identity: str) -> None:
    """Load saved weights into a model; those of another run are a `Mistake`, even if their shapes agree."""
    tensors, header = read_tensors(path)
    if header.get("identity") != identity:
        what = f"{path} does not match the run.json and the tokenizers next to it."
        raise Mistake(what, "Files of two folders were mixed, or changed by hand: copy the whole folder again.")
    load_weights(model, tensors, path)


def write_tensors(path: Path, tensors: dict[str, Tensor], header: dict[str, str]) -> None:
    """Write a safetensors file atomically."""
    # Shared parts (one network as encoder and decoder) are stored under each of their names.
    content = save({name: tensor.detach().clone().contiguous() for name, tensor in tensors.items()}, header)
    replace(path, content)


def read_tensors(path: Path) -> tuple[dict[str, Tensor], dict[str, str]]:
    """Arrays and header of a safetensors file; a truncated or wrong file is a `Mistake`."""
    try:
        with safe_open(path, "pt") as file:
            return {name: file.get_tensor(name) for name in file.keys()}, file.metadata() or {}  # noqa: SIM118
    except FileNotFoundError:
        raise Mistake(f"{path} is missing.", "Copy the whole folder again, or train it again.") from None
    except SafetensorError as error:
        raise Mistake(
            f"{path} cannot be read: {error}.", "The file is truncated or not from unspool; copy it again."
        ) from None


def load_weights(model: nn.Module, tensors: dict[str, Tensor], path: Path) -> None:
    """Load weights into a model; other shapes are a `Mistake`."""
    try:
        model.load_state_dict(tensors)
    except RuntimeError as error:
        first = str(error).strip().splitlines()[-1].strip()
        raise Mistake(
            f"{path} holds other weights than run.json describes: {first}", "Were two folders mixed?"
        ) from None


def _part(tensors: dict[str, Any], prefix: str) -> dict[str, Any]:
    return {name.removeprefix(prefix): tensor for name, tensor in tensors.items() if name.startswith(prefix)}


def _random_states() -> dict[str, Tensor]:
    states = {"cpu": torch.get_rng_state()}
    return states | ({"cuda": torch.cuda.get_rng_state()} if torch.cuda.is_available() else {})


def _set_random_states(states: dict[str, Tensor]) -> None:
    torch.set_rng_state(states["cpu"])
    if "cuda" in states and torch.cuda.is_available():
        torch.cuda.set_rng_state(states["cuda"])
