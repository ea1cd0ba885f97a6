"""`export`: from a trained folder to a folder that runs without PyTorch."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from shutil import copyfile
from typing import Any, Literal, get_args

import onnx

from unspool import __version__
from unspool import folder as disk
from unspool.arguments import path_of
from unspool.card import is_ours
from unspool.errors import Mistake
from unspool.export.graphs import graphs_of
from unspool.export.parity import check_exact, measure_agreement
from unspool.export.quantized import quantize as write_quantized
from unspool.export.tracing import OPSET
from unspool.hub_models import CARD
from unspool.loading import load_predictor
from unspool.named_models import find_model
from unspool.nn.stepper import TorchStepper
from unspool.predictor import Predictor
from unspool.runtime.manifest import (
    ENCODER,
    INSIDE,
    MANIFEST,
    STEP,
    Manifest,
    hash_of,
    hashes_of,
    holds_an_export,
    read_manifest,
    usable_model,
    write_manifest,
)
from unspool.runtime.stepper import open_stepper
from unspool.storage.previous import PREVIOUS, atomic_directory

Quantization = Literal["int8"]
Tell = Callable[[str], None]

FILES = (disk.RUN, *disk.FIELDS.values(), *disk.ALONG, ENCODER, STEP, MANIFEST)


@dataclass(frozen=True, slots=True)
class Exported:
    """The result of an export.

    sizes:  the bytes of each graph
    parity: the results of the checks, as in the manifest
    kept:   the lexicon that was there and stayed, because a person had written or changed it; else None
    """

    folder: Path
    sizes: dict[str, int]
    parity: dict[str, Any]
    kept: Path | None = None


def export(
    model: str | Path,
    out: str | Path | None = None,
    *,
    quantize: Quantization | None = None,
    overwrite: bool = False,
    on_stage: Tell = lambda stage: None,
) -> Exported:
    """Export a trained folder to graphs, check them against the model, and write them atomically.

    out:      default: `onnx` inside the trained folder, where `load` finds it
    quantize: int8: weights of eight bits
    on_stage: called with the name of the next stage, one of `stages(quantize)`
    Raises `Mistake` if there is no trained model, `out` is taken, or the graphs' results differ from the model's.
    """
    given = find_model(path_of(model, "model"))
    target = path_of(out, "out") if out is not None else given / INSIDE
    folder = usable_model(given)
    if quantize not in (None, *get_args(Quantization)):
        raise Mistake(f"There is no quantization '{quantize}'.", "Use int8, or leave it out.")
    _refuse(folder, target, overwrite)
    trained = load_predictor([folder], "cpu", engine="torch")
    kept = own_lexicon(target)
    card = not (target / CARD).exists() or is_ours((target / CARD).read_text(encoding="utf-8", errors="replace"))
    texts = [*[disk.LEXICON] * (kept is None), *[CARD] * card]
    copied = [(folder / name, name) for name in disk.ALONG] + [(given / name, name) for name in texts]
    with atomic_directory(target, (*FILES, *texts), MANIFEST) as partial:
        for path, name in copied:
            if path.exists():
                copyfile(path, partial / name)
        parity = _write(partial, trained, hash_of(folder / disk.WEIGHTS), quantize, on_stage)
    return Exported(target, {name: (target / name).stat().st_size for name in (ENCODER, STEP)}, parity, kept)


def own_lexicon(folder: Path) -> Path | None:
    """The lexicon of an export if a person wrote or changed it there: nobody else has a copy. Otherwise None."""
    path = folder / disk.LEXICON
    if not path.is_file():
        return None
    with suppress(Mistake):  # no export is there, or a damaged one
        if read_manifest(folder).lexicon == hash_of(path):
            return None
    return path


def stages(quantize: Quantization | None) -> list[str]:
    """The names of the stages, in order."""
    return ["tracing", "checking", *(["quantizing", "comparing"] if quantize else [])]


def _refuse(folder: Path, target: Path, overwrite: bool) -> None:
    if holds_an_export(folder):
        raise Mistake(f"{folder} is already an exported folder.", "Give the trained folder that it came from.")
    if holds_an_export(target) and not overwrite:
        raise Mistake(f"{target} already holds an export.", "Replace it: --overwrite. Or give another --out.")
    if target.exists() and not target.is_dir():
        raise Mistake(f"{target} is a file, and an export needs a folder.", "Give another --out.")
    if disk.holds_a_run(target) and not holds_an_export(target) and not (target / PREVIOUS).exists():
        what = f"{target} holds a trained model, and an export cannot be in the same folder."
        raise Mistake(what, f"Give another folder, such as --out {target / INSIDE}.")


def _write(
    partial: Path, trained: Predictor, weights: str, quantize: Quantization | None, on_stage: Tell
) -> dict[str, Any]:
    """Write all files into a folder; returns the results of the checks."""
    assert isinstance(trained.stepper, TorchStepper)
    dimensions = trained.fields.dimensions
    source, target = (field.to_json() for field in trained.fields)
    disk.write_run(partial, trained.config, trained.metadata)
    disk.write_fields(partial, source, target)
    on_stage("tracing")
    graphs = graphs_of(trained.stepper.model, dimensions)
    identity = disk.identity(trained.config, trained.metadata, source, target)
    manifest = Manifest(
        unspool=__version__, opset=OPSET, quantized=quantize, identity=identity, weights=weights,
        **graphs.names._asdict(), parity={},
    )  # fmt: skip
    on_stage("checking")
    onnx.save(graphs.encoder, partial / ENCODER)
    onnx.save(graphs.step, partial / STEP)
    parity = check_exact(trained.stepper, open_stepper(partial, manifest), dimensions)
    if quantize:
        on_stage("quantizing")
        write_quantized(graphs.encoder, partial / ENCODER)
        write_quantized(graphs.step, partial / STEP)
        on_stage("comparing")
        rounded = open_stepper(partial, manifest)
        parity["quantized"] = measure_agreement(trained.stepper, rounded, dimensions)
    lexicon = partial / disk.LEXICON
    found = {"parity": parity, "hashes": hashes_of(partial), "lexicon": hash_of(lexicon) if lexicon.exists() else None}
    write_manifest(partial, manifest.model_copy(update=found))
    return parity
