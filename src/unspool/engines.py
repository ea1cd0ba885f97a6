"""The engine that runs a folder's model: ONNX Runtime with exported graphs, or PyTorch with trained weights.

An exported folder has only graphs. A trained folder may hold an export of its own weights in `onnx/`. On the CPU that
export is used, because it starts sooner and its steps are faster. A quantized export is not used by default, because
its answers can differ from the model's. PyTorch is imported only when it is needed.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple, get_args

from unspool import folder as disk
from unspool.config import RunConfig
from unspool.errors import MissingExtra, Mistake, nearest
from unspool.fields.registry import Fields
from unspool.folder import RunMetadata
from unspool.runtime.manifest import (
    INSIDE,
    Manifest,
    holds_an_export,
    is_current,
    read_manifest,
    refuse_changes,
    usable_model,
)
from unspool.types import Stepper

EngineName = Literal["auto", "torch", "onnx"]


class Engine(NamedTuple):
    """A stepper, and a sentence that tells what it is and why it was chosen."""

    stepper: Stepper
    reason: str


@dataclass(frozen=True, slots=True)
class TrainedFolder:
    """The contents of a trained folder, except its weights."""

    folder: Path
    config: RunConfig
    metadata: RunMetadata
    fields: Fields

    @property
    def identity(self) -> str:
        """The identity that weights and graphs must have to fit this folder."""
        return disk.identity(self.config, self.metadata, *(field.to_json() for field in self.fields))


def open_engine(trained: TrainedFolder, device: str, engine: EngineName) -> Engine:
    """Open an engine; `auto` takes ONNX Runtime on the CPU if a current export without quantization exists."""
    if engine not in get_args(EngineName):
        raise Mistake(f"There is no engine '{engine}'.", nearest(str(engine), get_args(EngineName)))
    if holds_an_export(trained.folder):
        return _exported(trained, device, engine)
    if engine == "torch":
        return _torch(trained, device, "as requested")
    manifest, reason = _own_export(trained)
    if engine == "onnx":
        if manifest is None:
            raise Mistake(f"The runtime cannot answer: {reason}.", f"Run: unspool export {trained.folder} --to onnx")
        return _onnx(trained, usable_model(trained.folder / INSIDE), manifest, "as requested")
    if device not in ("auto", "cpu"):
        return _torch(trained, device, f"{device} was requested")
    if manifest is None or manifest.quantized:
        return _torch(trained, device, reason)
    return _onnx(trained, usable_model(trained.folder / INSIDE), manifest, reason)


def _own_export(trained: TrainedFolder) -> tuple[Manifest | None, str]:
    """The export inside a trained folder if it has the same weights as the folder, and a phrase on its state."""
    inside = usable_model(trained.folder / INSIDE)
    if not holds_an_export(inside):
        return None, f"there is no export in {inside}"
    manifest = read_manifest(inside)
    if not is_current(manifest, trained.folder / disk.WEIGHTS, trained.identity):
        return None, f"the export in {inside} has other weights"
    return manifest, f"the export in {inside} is " + ("quantized" if manifest.quantized else "current")


def _exported(trained: TrainedFolder, device: str, engine: EngineName) -> Engine:
    folder, manifest = trained.folder, read_manifest(trained.folder)
    if engine == "torch":
        raise Mistake(f"{folder} is an exported folder and holds no PyTorch weights.", "Give the trained folder.")
    if device not in ("auto", "cpu"):
        what = f"{folder} is an exported folder; it runs on the CPU, not on '{device}'."
        raise Mistake(what, "Use --device cpu, or give the trained folder.")
    if manifest.identity != trained.identity:
        what = f"{folder / 'manifest.json'} does not match the run.json and the tokenizers next to it."
        raise Mistake(what, "Files of two folders were mixed, or changed by hand: export it again.")
    refuse_changes(folder, manifest)
    return _onnx(trained, folder, manifest, "an exported folder")


def _onnx(trained: TrainedFolder, folder: Path, manifest: Manifest, why: str) -> Engine:
    from unspool.runtime.stepper import open_stepper

    return Engine(open_stepper(folder, manifest, trained.config.threads), f"ONNX Runtime on the CPU: {why}.")


def _torch(trained: TrainedFolder, device: str, why: str) -> Engine:
    try:
        import torch
    except ImportError:
        raise MissingExtra(f"{trained.folder} holds PyTorch weights; loading them", "train") from None
    from unspool.devices import device_of
    from unspool.models import registry
    from unspool.nn.stepper import TorchStepper
    from unspool.training.checkpoint import read_weights
    from unspool.training.random_state import RandomState

    where, config = device_of(device), trained.config
    with RandomState(torch.device("cpu")).drawing():  # the program's own random numbers go on as they were
        model = registry.build(config.model, trained.fields.dimensions)
    assert isinstance(model, torch.nn.Module)
    read_weights(trained.folder / disk.WEIGHTS, model, trained.identity)
    return Engine(TorchStepper(model.to(where).eval(), where), f"PyTorch on {where}: {why}.")
