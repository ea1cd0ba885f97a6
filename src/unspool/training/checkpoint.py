"""Checkpoints: everything that an exact resume needs, in one file without pickle.

Tensors (weights, their mean, the optimizer's moments, the random state) are the file's arrays. Plain numbers (epoch,
batch, update, time, best metric) are JSON in its header, beside the name of the run. A file replaces the previous one
when it is complete on disk.
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from unspool.errors import Mistake
from unspool.storage.atomic import flush, partial
from unspool.storage.refusals import refusals
from unspool.training.progress import Progress
from unspool.training.random_state import RandomState
from unspool.training.tensor_file import Tensors, read_tensors, write_tensors

# What Muon and Adam remember of a parameter.
MOMENTS = ({"step", "momentum"}, {"step", "exp_avg", "exp_avg_sq"})


def write_checkpoint(
    path: Path, model: nn.Module, average: nn.Module, optimizer: torch.optim.Optimizer, random: RandomState,
    progress: Progress, run: str | None,
) -> None:  # fmt: skip
    """Write atomically; a full disk is a `Mistake`, and the last checkpoint stays as it was.

    run: the name of the run, as in run.json
    """
    tensors = {f"model.{name}": tensor for name, tensor in model.state_dict().items()}
    if average is not model:
        tensors |= {f"average.{name}": tensor for name, tensor in average.state_dict().items()}
    for index, moments in optimizer.state_dict()["state"].items():
        tensors |= {f"optimizer.{index}.{name}": tensor for name, tensor in moments.items()}
    tensors |= {f"random.{name}": state for name, state in random.states.items()}
    write_tensors(path, tensors, {"progress": json.dumps(asdict(progress))} | ({"run": run} if run else {}))


def read_checkpoint(
    path: Path, model: nn.Module, average: nn.Module, optimizer: torch.optim.Optimizer, random: RandomState,
    run: str | None,
) -> Progress:  # fmt: skip
    """Restore everything from a checkpoint; one of another run, or one that lacks a part, is a `Mistake`."""
    tensors, header = read_tensors(path)
    if header.get("run") != run:
        what = f"{path} is a checkpoint of another run than the run.json beside it."
        raise Mistake(what, "Files of two folders were mixed: copy the whole folder again.")
    load_weights(model, _part(tensors, "model."), path)
    if average is not model:
        load_weights(average, _part(tensors, "average."), path)
    try:
        _load_moments(optimizer, _part(tensors, "optimizer."))
        random.restore(_part(tensors, "random."))
        return Progress.from_json(header["progress"])
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        what = f"{path} cannot be read: a part of it is missing or wrong ({str(error).splitlines()[0]})."
        raise Mistake(what, "It is not from unspool, or was changed; copy the whole folder again.") from None


def copy_checkpoint(source: Path, path: Path) -> None:
    """A hard link to a checkpoint: checkpoints are replaced, never changed, so both names can share one file."""
    with refusals(path), partial(path.parent) as temporary:
        try:
            os.link(source, temporary)
        except OSError:  # a file system without hard links
            shutil.copyfile(source, temporary)
            flush(temporary)
        os.replace(temporary, path)
        flush(path.parent)


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


def load_weights(model: nn.Module, tensors: Tensors, path: Path) -> None:
    """Load weights into a model; other shapes, and weights that are not finite, are a `Mistake`."""
    for name, tensor in tensors.items():
        # A sum is ten times as fast as looking at each; of finite numbers it may be too large, so it only suspects.
        if not torch.isfinite(tensor.sum()) and not torch.isfinite(tensor).all():
            what = f"{path} holds weights that are no finite numbers, in {name}."
            raise Mistake(what, "Nothing can be computed with them: copy the folder again, or train it again.")
    try:
        model.load_state_dict(tensors)
    except RuntimeError as error:
        first = str(error).strip().splitlines()[-1].strip()
        raise Mistake(
            f"{path} holds other weights than run.json describes: {first}", "Were two folders mixed?"
        ) from None


def _load_moments(optimizer: torch.optim.Optimizer, tensors: Tensors) -> None:
    """Load the moments of each parameter; a `ValueError` if they do not fit it."""
    parameters = [parameter for group in optimizer.param_groups for parameter in group["params"]]
    states: dict[int, dict[str, Tensor]] = {}
    for name, tensor in tensors.items():
        index, moment = name.split(".", 1)
        states.setdefault(int(index), {})[moment] = tensor
    for number, moments in states.items():
        shape = parameters[number].shape if 0 <= number < len(parameters) else None
        if moments.keys() not in MOMENTS or any(tensor.shape not in (shape, ()) for tensor in moments.values()):
            raise ValueError(f"optimizer.{number}")
    optimizer.load_state_dict(optimizer.state_dict() | {"state": states})


def _part(tensors: dict[str, Any], prefix: str) -> dict[str, Any]:
    return {name.removeprefix(prefix): tensor for name, tensor in tensors.items() if name.startswith(prefix)}
