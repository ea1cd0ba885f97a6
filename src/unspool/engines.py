"""What answers for a folder: ONNX Runtime over exported graphs, or PyTorch over trained weights.

An exported folder has graphs alone. A trained folder may hold an export of its own weights in `onnx/`; on the
processor that one answers, because it starts sooner and steps faster, unless its weights were quantized: then the
answers would not quite be those of the model. PyTorch is imported when it is needed, and only then.
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
from unspool.runtime.manifest import INSIDE, Manifest, holds_an_export, is_current, read_manifest
from unspool.types import Stepper

EngineName = Literal["auto", "torch", "onnx"]


class Engine(NamedTuple):
    """A stepper, and in a sentence what it is and why it was chosen."""

    stepper: Stepper
    reason: str


@dataclass(frozen=True, slots=True)
class TrainedFolder:
    """A folder as it was read."""

    folder: Path
    config: RunConfig
    metadata: RunMetadata
    fields: Fields

    @property
    def identity(self) -> str:
        """What weights and graphs must have been made with to be of use here."""
        return disk.identity(self.config, self.metadata, *(field.to_json() for field in self.fields))


def open_engine(trained: TrainedFolder, device: str, engine: EngineName) -> Engine:
    """Open what answers; `auto` takes the runtime wherever it gives the model's own answers on the processor."""
    if engine not in get_args(EngineName):
        raise Mistake(f"There is no engine '{engine}'.", nearest(engine, get_args(EngineName)))
    if holds_an_export(trained.folder):
        return _exported(trained, device, engine)
    if engine == "torch":
        return _torch(trained, device, "as asked")
    manifest, reason = _own_export(trained)
    if engine == "onnx":
        if manifest is None:
            raise Mistake(f"The runtime cannot answer: {reason}.", f"Run: unspool export {trained.folder} --to onnx")
        return _onnx(trained, trained.folder / INSIDE, manifest, "as asked")
    if device not in ("auto", "cpu"):
        return _torch(trained, device, f"asked for {device}")
    if manifest is None or manifest.quantized:
        return _torch(trained, device, reason)
    return _onnx(trained, trained.folder / INSIDE, manifest, reason)


def _own_export(trained: TrainedFolder) -> tuple[Manifest | None, str]:
    """The export inside a trained folder if it is of the weights beside it, and what is to be said of it."""
    inside = trained.folder / INSIDE
    if not holds_an_export(inside):
        return None, f"there is no export in {inside}"
    manifest = read_manifest(inside)
    if not is_current(manifest, trained.folder / disk.WEIGHTS, trained.identity):
        return None, f"the export in {inside} is of other weights"
    return manifest, f"the export in {inside} is " + ("quantized" if manifest.quantized else "current")


def _exported(trained: TrainedFolder, device: str, engine: EngineName) -> Engine:
    folder, manifest = trained.folder, read_manifest(trained.folder)
    if engine == "torch":
        raise Mistake(f"{folder} is an exported folder and holds no PyTorch weights.", "Give the trained folder.")
    if device not in ("auto", "cpu"):
        what = f"{folder} is an exported folder; it runs on the processor, not on '{device}'."
        raise Mistake(what, "Use --device cpu, or give the trained folder.")
    if manifest.identity != trained.identity:
        what = f"{folder / 'manifest.json'} does not belong to the run.json and the tokenizers beside it."
        raise Mistake(what, "Files of two folders were mixed, or changed by hand: export it again.")
    return _onnx(trained, folder, manifest, "an exported folder")


def _onnx(trained: TrainedFolder, folder: Path, manifest: Manifest, why: str) -> Engine:
    from unspool.runtime.stepper import open_stepper

    return Engine(open_stepper(folder, manifest, trained.config.threads), f"ONNX Runtime on the processor: {why}.")


def _torch(trained: TrainedFolder, device: str, why: str) -> Engine:
    try:
        import torch
    except ImportError:
        raise MissingExtra(f"{trained.folder} holds PyTorch weights; loading them", "train") from None
    from unspool.devices import device_of
    from unspool.models import registry
    from unspool.nn.stepper import TorchStepper
    from unspool.training.checkpoint import read_weights

    where, config = device_of(device), trained.config
    model = registry.build(config.model, trained.fields.dimensions)
    assert isinstance(model, torch.nn.Module)
    read_weights(trained.folder / disk.WEIGHTS, model, trained.identity)
    return Engine(TorchStepper(model.to(where).eval(), where), f"PyTorch on {where}: {why}.")
