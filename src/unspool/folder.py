"""The trained folder on disk: what each file holds. Files are read and written without pickle.

run.json                the whole resolved configuration, versions, seed, sizes, a fingerprint of the data
source.tokenizer.json   the source's field: text to ids
target.tokenizer.json   the target's field
model.safetensors       the best weights
metrics.jsonl           one line for each report of the training
tensorboard/            the same as events
checkpoints/            last and best, for an exact resume
data/                   the data, if it was given from Python's memory, for an exact resume
recipe.json             recipes only: the recipe's name, and a fingerprint of the user's own data
evaluation.json         recipes only: the metrics
summary.txt             recipes only: what the recipe printed at its end
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import Any

from unspool.config import RunConfig, Settings, validated
from unspool.errors import Mistake

FORMAT = 1
RUN, WEIGHTS, METRICS = "run.json", "model.safetensors", "metrics.jsonl"
RECIPE, EVALUATION, SUMMARY = "recipe.json", "evaluation.json", "summary.txt"
DATA = "data"
KEPT = [f"{DATA}/{part}{ending}" for part in ("training", "validation") for ending in (".jsonl.gz", ".npz")]
CHECKPOINTS, TENSORBOARD, LAST = "checkpoints", "tensorboard", "checkpoints/last.safetensors"


class RunMetadata(Settings):
    """What a run recorded besides its settings; `facts` in run.json.

    files:         the files that were read, as `data.inputs.Files` writes them; fingerprint: a hash of their contents.
                   Paths are absolute; those of files inside the run's folder start there
    sizes:         symbols of source and target, the reserved ones included; features of a real-valued source
    metrics:       what `evaluate` computes by default; metric: the one that selected the best weights
    padding_waste: share of padding in the batches of the first epoch
    start_from:    the run whose weights this one started from
    """

    unspool: str
    versions: dict[str, str]
    begun: str
    files: dict[str, list[str]]
    fingerprint: str
    sizes: tuple[int, int, int]
    pairs: int
    validation_sources: int
    padding_waste: float
    metrics: list[str]
    metric: str
    bleu_tokenizer: str
    start_from: str | None = None


def holds_a_run(folder: Path) -> bool:
    """Whether the folder holds a run."""
    return (folder / RUN).exists()


def clear(folder: Path, *, recipe: bool) -> None:
    """Remove an earlier run's files and nothing else; recipe: also the file that marks it as a recipe's folder."""
    fields = (field_path(folder, "source").name, field_path(folder, "target").name)
    for name in (RUN, WEIGHTS, METRICS, EVALUATION, SUMMARY, *fields, *KEPT, *[RECIPE] * recipe):
        (folder / name).unlink(missing_ok=True)
    for name in (CHECKPOINTS, TENSORBOARD):
        shutil.rmtree(folder / name, ignore_errors=True)


def write_run(folder: Path, config: RunConfig, metadata: RunMetadata) -> None:
    """Write the configuration and the metadata.

    In the file the model's name is the value of `model`, and its settings are the value of `settings`.
    """
    values = config.model_dump()
    settings = values.pop("model")
    head = {"format": FORMAT, "model": settings.pop("name"), "settings": settings}
    write_json(folder / RUN, head | values | {"facts": metadata.model_dump()})


def read_run(folder: Path) -> tuple[RunConfig, RunMetadata]:
    """The configuration and the metadata of a trained folder, checked."""
    if not folder.is_dir():
        raise Mistake(f"There is no model at {folder}.", "Give a folder that 'unspool train' wrote.")
    run = read_json(folder / RUN)
    if run.pop("format", None) != FORMAT:
        raise Mistake(
            f"{folder / RUN} has a format that this release cannot read.", "Was it written by a newer unspool?"
        )
    metadata = validated(RunMetadata, run.pop("facts", None), f"{folder / RUN}: facts")
    settings, training = run.pop("settings", None), run.get("training")
    if isinstance(settings, dict):
        run["model"] = {"name": run.get("model")} | settings
    if isinstance(training, dict):
        training.setdefault("embedding_rate", 1.0)  # folders from before embeddings had a learning rate of their own
    return validated(RunConfig, run, str(folder / RUN)), metadata


def identity(config: RunConfig, metadata: RunMetadata, source: dict[str, Any], target: dict[str, Any]) -> str:
    """A hash of what weights were trained with: the model, the fields (as JSON), the data.

    Settings that a later release added are missing in an older folder, and so they do not count.
    """
    settings = config.model.model_dump(exclude_unset=True, exclude={"name"})
    parts = [config.model.name, settings, metadata.fingerprint, source, target]
    return hashlib.blake2b(json.dumps(parts, sort_keys=True).encode(), digest_size=16).hexdigest()


def complete(config: RunConfig) -> RunConfig:
    """The same configuration with every setting of the model set, as a folder stores them."""
    return config.model_copy(update={"model": type(config.model).model_validate(config.model.model_dump())})


def write_fields(folder: Path, source: dict[str, Any], target: dict[str, Any]) -> None:
    """Write the fields of both sides."""
    write_json(field_path(folder, "source"), source)
    write_json(field_path(folder, "target"), target)


def field_path(folder: Path, side: str) -> Path:
    """The file of a side's field."""
    return folder / f"{side}.tokenizer.json"


def write_json(path: Path, value: Any) -> None:
    """Write readable JSON atomically."""
    replace(path, (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode())


def read_json(path: Path) -> dict[str, Any]:
    """Read a JSON object from a trained folder; a missing, truncated or wrong file is a `Mistake`."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise Mistake(f"{path} is missing.", "Is this a folder that 'unspool train' wrote? Copy it whole.") from None
    except ValueError as error:
        raise Mistake(
            f"{path} cannot be read: {error}.", "It is truncated or not from unspool; copy the folder again."
        ) from None
    if not isinstance(value, dict):
        raise Mistake(f"{path} does not hold a JSON object.", "It is not from unspool; copy the folder again.")
    return value


def replace(path: Path, content: bytes) -> None:
    """Write a new file, flush it to the disk, then rename it over the old one: a killed process loses nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".partial")
    try:
        with partial.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(partial, path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        what = f"The disk is full: {path} could not be written; the file that was there before has not changed."
        raise Mistake(what, "Free some space, then try again; a training continues with --resume.") from error
