"""The trained folder on disk: what each file holds. Files are read and written without pickle.

run.json                the whole resolved configuration, versions, seed, sizes, a fingerprint of the data
source.tokenizer.json   the source's field: text to ids
target.tokenizer.json   the target's field
model.safetensors       the best weights
metrics.jsonl           one line for each report of the training
tensorboard/            the same as events
README.md               the model card: see `card`
lexicon.tsv             answers that a person wrote, which go before the model: see `lexicon`
dictionary.tsv.gz       a large table of answers that came with the model: see `data.sorted_table`
calibration.json        how likely an answer is to be right, by its log-probability; or, of a forecaster, the factors of
                        its intervals, whose windows are in data/calibration.npz
joint-ngram.npz         an n-gram model of aligned pairs, which orders a beam's answers anew: see `ngrams.joint_file`
repair.json             models that repair code only: its language, and which texts are symbols
checkpoints/            last and best, for an exact resume
data/                   the data, if it was given from Python's memory, for an exact resume
.unspool-previous/      the model that is being replaced, until this run has weights: see `storage.previous`
.unspool-lock           the process that trains: see `storage.lock`
reader/                 a model that reads the ink of a writer, whose lines it judges: see `runtime.manifest.companion`
reverse/                a model from answers to sources, which orders a chat's replies anew
recipe.json             recipes only: the recipe's name, and a fingerprint of the user's own data
evaluation.json         recipes only: the metrics
summary.txt             recipes only: what the recipe printed at its end
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from pydantic import field_validator

from unspool.config import RunConfig, Settings, validated
from unspool.errors import Mistake
from unspool.storage.atomic import replace
from unspool.storage.previous import PREVIOUS, refuse_strangers, set_aside

FORMAT = 1
RUN, WEIGHTS, METRICS = "run.json", "model.safetensors", "metrics.jsonl"
RECIPE, EVALUATION, SUMMARY = "recipe.json", "evaluation.json", "summary.txt"
REPAIR, JOINT_NGRAM = "repair.json", "joint-ngram.npz"
READER, REVERSE = "reader", "reverse"
DATA = "data"
KEPT = [f"{DATA}/{part}{ending}" for part in ("training", "validation") for ending in (".jsonl.gz", ".jsonl", ".npz")]
LEARNING_CURVE = "learning-curve.svg"
CHECKPOINTS, TENSORBOARD = "checkpoints", "tensorboard"
LAST, BEST = f"{CHECKPOINTS}/last.safetensors", f"{CHECKPOINTS}/best.safetensors"
EVENTS = f"{TENSORBOARD}/events.out.tfevents.*"
FIELDS = {"source": "source.tokenizer.json", "target": "target.tokenizer.json"}
# A person's own file: no run writes, replaces or removes it.
LEXICON = "lexicon.tsv"
DICTIONARY = "dictionary.tsv.gz"
CALIBRATION, HELD_OUT = "calibration.json", f"{DATA}/calibration.npz"
# What an export takes along as it is, where a folder has it.
ALONG = (CALIBRATION, REPAIR, DICTIONARY, JOINT_NGRAM)
_FILES = (
    RUN, WEIGHTS, METRICS, LEARNING_CURVE, EVALUATION, SUMMARY, CALIBRATION, REPAIR, JOINT_NGRAM, HELD_OUT,
    *FIELDS.values(), *KEPT,
)  # fmt: skip


class RunMetadata(Settings):
    """What a run recorded besides its settings; `facts` in run.json.

    files:         the files that were read, as `data.inputs.Files` writes them; fingerprint: a hash of their contents.
                   Paths are absolute; those of files inside the run's folder start there
    sizes:         symbols of source and target, the reserved ones included; features of a real-valued source
    metrics:       what `evaluate` computes by default; metric: the one that selected the best weights
    padding_waste: share of padding in the batches of the first epoch
    start_from:    the run whose weights this one started from
    run:           a random name; the checkpoints of the run have it too. Folders of 0.1.0 have none
    columns:       the names of the columns of each side, if a header named them
    longest_source: the symbols that 99 in a hundred training sources have at most; older folders have none
    left_out:      training pairs that `data.clean` left out, by reason; None if nothing was cleaned
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
    run: str | None = None
    columns: dict[str, list[str]] | None = None
    left_out: dict[str, int] | None = None
    longest_source: int | None = None

    @field_validator("files")
    @classmethod
    def _names_files(cls, files: dict[str, list[str]]) -> dict[str, list[str]]:
        """Refuse kinds of files that there are not, and names that no file can have."""
        if not {"data", "aligned"} <= set(files) <= {"data", "valid", "aligned", "aligned_valid"}:
            raise ValueError("It names other kinds of files")
        if any("\0" in path for paths in files.values() for path in paths):
            raise ValueError("No file has such a name")
        return files


def holds_a_run(folder: Path) -> bool:
    """Whether the folder holds a run, or the model of one that is being replaced."""
    return (folder / RUN).exists() or (folder / PREVIOUS / RUN).exists()


def refuse_taken(folder: Path, overwrite: bool) -> None:
    """Refuse a folder for a new run that holds one, or files of somebody else with the names of ours."""
    if not holds_a_run(folder):
        refuse_strangers(folder, (*_FILES, CHECKPOINTS, TENSORBOARD))
    elif not overwrite:
        what = f"{folder} already holds a run."
        raise Mistake(what, "Continue it: --resume. Replace it: --overwrite. Or give another --out.")


def refuse_unbegun(folder: Path) -> None:
    """Refuse to resume a folder without a run."""
    _refuse_missing(folder)
    if not (folder / RUN).exists():
        again = " and --overwrite" if holds_a_run(folder) else ""
        what = f"{folder} holds no run that has begun, so there is nothing to continue."
        raise Mistake(what, f"Start it without --resume, with its data{again}.")


def clear(folder: Path, *, recipe: bool) -> None:
    """Make room for a new run: an earlier one becomes the previous model, and what is not from a run stays.

    recipe: also the file that marks it as a recipe's folder belongs to the earlier run
    """
    if holds_a_run(folder):
        events = [str(path.relative_to(folder)) for path in folder.glob(EVENTS)]
        set_aside(folder, (*_FILES, LAST, BEST, *events, *[RECIPE] * recipe), WEIGHTS)


def write_run(folder: Path, config: RunConfig, metadata: RunMetadata) -> None:
    """Write the configuration and the metadata.

    In the file the model's name is the value of `model`, and its settings are the value of `settings`. A setting that
    an older folder does not have is not added: it would change the model's `identity`.
    """
    values = config.model_dump(exclude={"model"})
    settings = config.model.model_dump(exclude_unset=True, exclude={"name"})
    head = {"format": FORMAT, "model": config.model.name, "settings": settings}
    write_json(folder / RUN, head | values | {"facts": metadata.model_dump()})


def read_run(folder: Path) -> tuple[RunConfig, RunMetadata]:
    """The configuration and the metadata of a trained folder, checked."""
    _refuse_missing(folder)
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


def _refuse_missing(folder: Path) -> None:
    if not folder.is_dir():
        remedy = "Give a folder that 'unspool train' wrote, or a name: 'unspool models' tells which come trained."
        raise Mistake(f"There is no model at {folder}.", remedy)


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


def write_calibration(folder: Path, part: str, values: dict[str, Any]) -> None:
    """Write one part of what held-out data says of a model's answers, such as their `confidence`; the rest stays."""
    path = folder / CALIBRATION
    write_json(path, (read_json(path) if path.exists() else {}) | {part: values})


def read_calibration(folder: Path, part: str) -> Any:
    """One part of it; None if the folder does not have it, as older ones and those of forecasters."""
    path = folder / CALIBRATION
    return read_json(path).get(part) if path.exists() else None


def forget_calibration(folder: Path) -> None:
    """Remove it, because it is that of other weights; the factors of a forecaster's intervals stay."""
    if read_calibration(folder, "factors") is None:
        (folder / CALIBRATION).unlink(missing_ok=True)


def field_path(folder: Path, side: str) -> Path:
    """The file of a side's field."""
    return folder / FIELDS[side]


def write_json(path: Path, value: Any) -> None:
    """Write readable JSON atomically. A byte of a file's name that is not UTF-8 becomes an escape, as JSON has it."""
    replace(path, (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "backslashreplace"))


def _no_number(word: str) -> None:
    """Refuse NaN and Infinity, which are no JSON and which we never write into a setting."""
    raise ValueError(f"{word} is not a number")


def read_json(path: Path) -> dict[str, Any]:
    """Read a JSON object from a trained folder; a missing, truncated or wrong file is a `Mistake`."""
    if path.exists() and not path.is_file():  # a device may never end
        raise Mistake(f"{path} is not a file.", "Copy the folder again.")
    try:
        value = json.loads(path.read_text(encoding="utf-8"), parse_constant=_no_number)
    except FileNotFoundError:
        raise Mistake(f"{path} is missing.", "Is this a folder that 'unspool train' wrote? Copy it whole.") from None
    except (ValueError, RecursionError) as error:
        raise Mistake(
            f"{path} cannot be read: {error}.", "It is truncated or not from unspool; copy the folder again."
        ) from None
    if not isinstance(value, dict):
        raise Mistake(f"{path} does not hold a JSON object.", "It is not from unspool; copy the folder again.")
    return value
