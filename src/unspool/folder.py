"""The trained folder on disk: which file holds what, read and written without pickle.

run.json                the whole resolved configuration, versions, seed, sizes, a fingerprint of the data
source.tokenizer.json   text to ids, for what is read
target.tokenizer.json   the same for what is written
model.safetensors       the best weights
metrics.jsonl           a line a report of the training
tensorboard/            the same as events
checkpoints/            last and best, for an exact resume
recipe.json             of a recipe: its name, and a fingerprint of a person's own data
evaluation.json         of a recipe: its figures
summary.txt             of a recipe: what it showed at its end
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
from unspool.text.registry import from_json
from unspool.types import Sizes, Tokenizer

FORMAT = 1
RUN, WEIGHTS, METRICS = "run.json", "model.safetensors", "metrics.jsonl"
RECIPE, EVALUATION, SUMMARY = "recipe.json", "evaluation.json", "summary.txt"
CHECKPOINTS, TENSORBOARD, LAST = "checkpoints", "tensorboard", "checkpoints/last.safetensors"


class Facts(Settings):
    """What a run found out on the way.

    files:         what was read, as `data.inputs.Files` writes it; fingerprint: a hash of their contents
    sizes:         symbols of each side; features of a real-valued source
    metrics:       what `evaluate` measures unless told otherwise; metric: the one that decided which weights are best
    padding_waste: share of padding in the batches of the first epoch
    start_from:    the run whose weights this one started from
    """

    unspool: str
    versions: dict[str, str]
    begun: str
    files: dict[str, list[str]]
    fingerprint: str
    sizes: Sizes
    pairs: int
    validation_sources: int
    padding_waste: float
    metrics: list[str]
    metric: str
    bleu_tokenizer: str
    start_from: str | None = None


def holds_a_run(folder: Path) -> bool:
    """Whether training ever began here."""
    return (folder / RUN).exists()


def clear(folder: Path, *, recipe: bool) -> None:
    """Remove an earlier run's files, and nothing else that may lie there; recipe: also what makes it a recipe's."""
    tokenizers = (_tokenizer(folder, "source").name, _tokenizer(folder, "target").name)
    for name in (RUN, WEIGHTS, METRICS, EVALUATION, SUMMARY, *tokenizers, *[RECIPE] * recipe):
        (folder / name).unlink(missing_ok=True)
    for name in (CHECKPOINTS, TENSORBOARD):
        shutil.rmtree(folder / name, ignore_errors=True)


def plain(config: RunConfig) -> dict[str, Any]:
    """A configuration as a configuration file would say it."""
    values = config.model_dump()
    return values | {"model": {"name": values["model"]} | values.pop("settings")}


def write_run(folder: Path, config: RunConfig, facts: Facts) -> None:
    """The configuration and the facts."""
    write_json(folder / RUN, {"format": FORMAT} | config.model_dump() | {"facts": facts.model_dump()})


def read_run(folder: Path) -> tuple[RunConfig, Facts]:
    """The configuration and the facts of a trained folder, checked."""
    if not folder.is_dir():
        raise Mistake(f"There is no model at {folder}.", "Give a folder that 'unspool train' wrote.")
    run = read_json(folder / RUN)
    if run.pop("format", None) != FORMAT:
        raise Mistake(f"{folder / RUN} is not of a format this release reads.", "Was it written by a newer unspool?")
    facts = validated(Facts, run.pop("facts", None), f"{folder / RUN}: facts")
    if isinstance(training := run.get("training"), dict):
        training.setdefault("embedding_rate", 1.0)  # of before embeddings had a rate of their own
    return validated(RunConfig, run, str(folder / RUN)), facts


def identity(config: RunConfig, facts: Facts, source: Tokenizer, target: Tokenizer) -> str:
    """What weights must have been trained with to be of use: this model, these tokenizers, this data."""
    parts = [config.model, config.settings, facts.fingerprint, source.to_json(), target.to_json()]
    return hashlib.blake2b(json.dumps(parts, sort_keys=True).encode(), digest_size=16).hexdigest()


def write_tokenizers(folder: Path, source: Tokenizer, target: Tokenizer) -> None:
    """Both sides' tokenizers."""
    write_json(_tokenizer(folder, "source"), source.to_json())
    write_json(_tokenizer(folder, "target"), target.to_json())


def read_tokenizers(folder: Path) -> tuple[Tokenizer, Tokenizer]:
    """Source and target tokenizer."""
    return _read_tokenizer(_tokenizer(folder, "source")), _read_tokenizer(_tokenizer(folder, "target"))


def write_json(path: Path, value: Any) -> None:
    """Readable JSON that appears whole or not at all."""
    replace(path, (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode())


def read_json(path: Path) -> dict[str, Any]:
    """A JSON object from a trained folder; missing, cut short or of another kind is a `Mistake`."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise Mistake(f"{path} is missing.", "Is this a folder that 'unspool train' wrote? Copy it whole.") from None
    except ValueError as error:
        raise Mistake(
            f"{path} cannot be read: {error}.", "It is cut short or not ours; copy the folder again."
        ) from None
    if not isinstance(value, dict):
        raise Mistake(f"{path} does not hold a JSON object.", "It is not ours; copy the folder again.")
    return value


def replace(path: Path, content: bytes) -> None:
    """Write beside the old file, flush to the disk, then take its place: a killed process loses nothing."""
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
        what = f"The disk is full: {path} could not be written; what was there before is unharmed."
        raise Mistake(what, "Free some space; training goes on with --resume.") from error


def _tokenizer(folder: Path, side: str) -> Path:
    return folder / f"{side}.tokenizer.json"


def _read_tokenizer(path: Path) -> Tokenizer:
    value = read_json(path)
    try:
        return from_json(value)
    except (Mistake, KeyError, TypeError, IndexError, AttributeError) as error:
        raise Mistake(f"{path} is not a tokenizer of ours: {error}", "Copy the folder again.") from None
