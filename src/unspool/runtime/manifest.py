"""The manifest of an exported folder: a description of its graphs, and what they were made from.

manifest.json   the manifest
encoder.onnx    source and lengths to the first items, the first state and the memory
step.onnx       last items, state and memory to the distribution of the next items, and the next state
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any, Literal

from pydantic import ConfigDict, Field

from unspool import folder as disk
from unspool.config import Settings, validated
from unspool.errors import Mistake
from unspool.storage.previous import usable

FORMAT = 1
MANIFEST, ENCODER, STEP = "manifest.json", "encoder.onnx", "step.onnx"
# The output of a step's graph with the whole distribution: log-probabilities `[R, C]`, or a density's parameters
# `[R, P]`.
EVERYTHING = "everything"
# The folder inside a trained folder that holds its own export.
INSIDE = "onnx"


class Manifest(Settings):
    """Graphs pass memory and state as flat lists of leaves, in the order of their trees.

    opset:     the graphs' opset; quantized: how their weights are stored, None: as they were trained
    identity:  that of run.json and the tokenizers, see `folder.identity`
    weights:   `hash_of` the model.safetensors that was exported
    hashes:    `hash_of` every other file of the folder by its name; exports from before this field: none
    memory:    names of its leaves; state, attention: the same; done: whether a step returns it
    answers:   the questions that a step can answer, as in `types.Question`; graphs from before this field: only top_k
    distribution: the name of the density in `distributions`; None if the model generates symbols
    carries:   the leaves of the state that go on where a source comes in pieces; none: it must be read as a whole
    lexicon:   `hash_of` the lexicon.tsv that was copied; a person may edit it afterwards, so it is never checked
    parity:    the differences between the graphs and the model at the time of the export
    """

    model_config = ConfigDict(extra="ignore")  # a later release may add fields

    unspool: str
    opset: int
    quantized: Literal["int8"] | None
    identity: str
    weights: str
    hashes: dict[str, str] = Field(default={})
    memory: list[str]
    state: list[str]
    attention: list[str]
    done: bool
    answers: list[Literal["top_k", "log_prob", "everything"]] = Field(default=["top_k"])
    distribution: str | None = None
    carries: list[str] = Field(default=[])
    lexicon: str | None = None
    parity: dict[str, Any]


def holds_an_export(folder: Path) -> bool:
    """Whether this is an exported folder, perhaps one that is being replaced."""
    return (usable(folder, MANIFEST) / MANIFEST).exists()


def usable_model(folder: Path) -> Path:
    """Where the files of a trained or exported folder's model are: see `storage.previous`."""
    return usable(folder, disk.WEIGHTS, MANIFEST)


def companion(folder: Path, name: str) -> Path | None:
    """A second model inside a model's folder, `folder.READER` or `folder.REVERSE`, once it has weights."""
    beside = folder / name
    return beside if any((usable_model(beside) / one).is_file() for one in (disk.WEIGHTS, MANIFEST)) else None


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest atomically."""
    disk.write_json(folder / MANIFEST, {"format": FORMAT} | manifest.model_dump())


def read_manifest(folder: Path) -> Manifest:
    """The validated manifest of an exported folder."""
    path = folder / MANIFEST
    values = disk.read_json(path)
    if values.pop("format", None) != FORMAT:
        raise Mistake(f"{path} has a format that this release cannot read.", "Was it written by a newer unspool?")
    return validated(Manifest, values, str(path))


def is_current(manifest: Manifest, weights: Path, identity: str) -> bool:
    """Whether an export was made from these weights."""
    return manifest.identity == identity and weights.is_file() and manifest.weights == hash_of(weights)


def hashes_of(folder: Path) -> dict[str, str]:
    """The hash of every file of an exported folder, without the manifest."""
    names = [disk.RUN, *(disk.field_path(folder, side).name for side in ("source", "target")), ENCODER, STEP]
    names += [name for name in disk.ALONG if (folder / name).exists()]
    return {name: hash_of(folder / name) for name in names}


def refuse_changes(folder: Path, manifest: Manifest) -> None:
    """Raise a `Mistake` that names a file of an exported folder that is not what was exported."""
    for name, exported in manifest.hashes.items():
        path = folder / Path(name).name
        if not path.is_file() or hash_of(path) != exported:
            raise changed(path)


def changed(path: Path) -> Mistake:
    """The error about a file of an exported folder that is not what was exported."""
    remedy = "It is damaged, or was changed by hand: copy the whole folder again, or export it again."
    return Mistake(f"{path} has changed since it was exported.", remedy)


def digest(content: bytes) -> str:
    """The `hash_of` a file with this content."""
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def hash_of(path: Path) -> str:
    """A hash of a file's bytes, 32 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()
