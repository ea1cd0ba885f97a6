"""A run: files and settings in, a trained folder out."""

from __future__ import annotations

import platform
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from unspool import __version__
from unspool import folder as disk
from unspool.config import RunConfig, configuration, resolve
from unspool.data.buckets import epoch_batches, padding
from unspool.data.corpus import Corpus, Example
from unspool.data.fingerprint import fingerprint
from unspool.data.inputs import Files
from unspool.errors import Mistake
from unspool.metrics.report import primary
from unspool.models import registry
from unspool.nn.devices import device_of
from unspool.nn.stepper import TorchStepper
from unspool.text.units import answers_are_sentences, bleu_tokenizer
from unspool.trained import Model, load
from unspool.training.checkpoint import read_weights
from unspool.training.lessons import Lessons
from unspool.training.loop import fit
from unspool.training.preparation import Prepared, prepare
from unspool.training.progress import Progress, Report
from unspool.training.trainee import Trainee
from unspool.training.validation import FreeRunning
from unspool.types import Sizes, Tokenizer

# Batches of an epoch, at least, unless `batch_symbols` is given.
BATCHES = 32

Tell = Callable[[str], None]
Show = Callable[[Report], None]


@dataclass(frozen=True, slots=True)
class Run:
    """A finished run: its folder, where it got to, and the metric that decided."""

    folder: Path
    progress: Progress
    metric: str


def train(
    data: str | Path | Sequence[str | Path],
    *,
    out: str | Path,
    model: str | None = None,
    valid: str | Path | None = None,
    columns: str | None = None,
    config: str | Path | None = None,
    settings: dict[str, Any] | None = None,
    max_minutes: float | None = None,
    overwrite: bool = False,
    on_report: Show = lambda report: None,
    on_message: Tell = lambda message: None,
) -> Model:
    """Train on a table and load what came out.

    settings: as `--set` takes them, for example `{"training.epochs": 5, "model.score": "dot"}`
    on_report: called about once a second and at each validation
    Raises `Mistake` where the data or a setting breaks a rule.
    """
    paths = [data] if isinstance(data, str | Path) else data
    files = Files(tuple(Path(path) for path in paths), (Path(valid),) if valid else ())
    given = {"model.name": model, "data.columns": columns, "training.max_minutes": max_minutes} | (settings or {})
    values = configuration(Path(config) if config else None, [], given)
    begin(files, Path(out), resolve(values), overwrite=overwrite, on_report=on_report, on_message=on_message)
    return load(out)


def begin(
    files: Files,
    out: Path,
    config: RunConfig,
    *,
    start_from: Path | None = None,
    overwrite: bool = False,
    on_report: Show,
    on_message: Tell,
) -> Run:
    """Train into a folder, from fresh weights or from another run's."""
    if disk.holds_a_run(out) and not overwrite:
        what = f"{out} already holds a run."
        raise Mistake(what, "Go on with it: --resume. Replace it: --overwrite. Or give another --out.")
    tokenizers = None
    if start_from:
        other, _ = disk.read_run(start_from)
        config = config.model_copy(update={"model": other.model, "settings": other.settings})
        tokenizers = disk.read_tokenizers(start_from)
    # What is wrong with the model's settings should be said before minutes go into reading.
    settings = registry.settings_of(config.model, config.settings)
    config = config.model_copy(update={"settings": settings.model_dump()})
    prepared = _prepare(files, config, tokenizers, on_message)
    config = _fitted(config, prepared.corpus)
    facts = _facts(files, config, prepared)
    trainee = _trainee(config, facts, on_message)
    if start_from:
        read_weights(start_from / disk.WEIGHTS, trainee.module)
        trainee.average.restart()
    # Nothing is written, and nothing replaced, before all that can be refused has been built.
    disk.clear(out)
    disk.write_tokenizers(out, prepared.source_tokenizer, prepared.target_tokenizer)
    disk.write_run(out, config, facts)
    return _fit(out, config, facts, prepared, trainee, Progress(), on_report)


def resume(out: Path, changes: Sequence[str], *, on_report: Show, on_message: Tell) -> Run:
    """Go on where a run was stopped, exactly as if it had not been; `changes` are settings to change from here on."""
    config, facts = disk.read_run(out)
    if changes:
        config = resolve(configuration(None, changes, {}, disk.plain(config)))
        disk.write_run(out, config, facts)
    files = Files.from_json(facts["files"])
    if fingerprint(files.paths()) != facts["fingerprint"]:
        raise Mistake(
            f"The data of {out} has changed since it was trained; an exact resume is not possible.",
            f"Restore the files, or start from its weights on the new data: --from {out} --out ANOTHER",
        )
    prepared = _prepare(files, config, disk.read_tokenizers(out), lambda message: None)
    trainee = _trainee(config, facts, on_message)
    progress = Progress()
    if (out / disk.LAST).exists():
        progress = trainee.resume(out / disk.CHECKPOINTS)
        # New limits may give a finished run more to do.
        progress.finished = progress.finished and not changes
        on_message(f"Going on behind update {progress.update:,}.")
    return _fit(out, config, facts, prepared, trainee, progress, on_report)


def _prepare(
    files: Files, config: RunConfig, tokenizers: tuple[Tokenizer, Tokenizer] | None, on_message: Tell
) -> Prepared:
    table, valid = files.open(config.data)
    prepared = prepare(table, valid, config.data, tokenizers)
    for message in prepared.messages:
        on_message(message)
    return prepared


def _fitted(config: RunConfig, corpus: Corpus) -> RunConfig:
    """Two settings that the data decides where nobody asked for a value.

    Answers may be half as long again as the longest one of training, and an epoch of small data is cut into at least
    `BATCHES` batches, so that it takes more than a handful of updates.
    """
    training, decoding = config.training, config.decoding
    if "max_length" not in decoding.model_fields_set:
        longest = int(corpus.targets.lengths().max(initial=0))
        decoding = decoding.model_copy(update={"max_length": longest + longest // 2 + 5})
    if "batch_symbols" not in training.model_fields_set:
        symbols = int(corpus.sources.lengths().sum() + corpus.targets.lengths().sum())
        training = training.model_copy(
            update={"batch_symbols": max(256, min(training.batch_symbols, symbols // BATCHES))}
        )
    return config.model_copy(update={"training": training, "decoding": decoding})


def _facts(files: Files, config: RunConfig, prepared: Prepared) -> dict[str, Any]:
    """What was found out on the way, for run.json."""
    corpus, target = prepared.corpus, prepared.target_tokenizer
    answers = [answer for example in prepared.examples[:1000] for answer in example.references]
    sentences = answers_are_sentences(target, answers)
    wanted = config.training.metric
    batches = epoch_batches(corpus, config.training.batch_symbols, config.seed, 0)
    return {
        "unspool": __version__,
        "versions": {"python": platform.python_version(), "torch": torch.__version__, "numpy": np.__version__},
        "begun": datetime.now(UTC).isoformat(timespec="seconds"),
        "files": files.to_json(),
        "fingerprint": fingerprint(files.paths()),
        "sizes": {"source": len(prepared.source_tokenizer), "target": len(target)},
        "pairs": len(corpus),
        "validation_sources": len(prepared.examples),
        "padding_waste": round(padding(corpus, batches), 4),
        "metrics": ["chrf", "bleu", "symbol_error_rate"] if sentences else ["exact_match", "symbol_error_rate"],
        "metric": ("chrf" if sentences else primary(wanted)) if wanted == "auto" else wanted,
        "bleu_tokenizer": bleu_tokenizer(answers),
    }


def _trainee(config: RunConfig, facts: dict[str, Any], on_message: Tell) -> Trainee:
    """Fresh weights, drawn from the run's seed."""
    torch.manual_seed(config.seed)
    if config.threads:
        torch.set_num_threads(config.threads)
    settings = registry.settings_of(config.model, config.settings)
    model = registry.build(config.model, settings, Sizes(**facts["sizes"]))
    trainee = Trainee(model, config.training, device_of(config.device))
    weights = sum(parameter.numel() for parameter in trainee.module.parameters())
    on_message(
        f"Model {config.model}, {weights:,} weights, {trainee.precision} on {trainee.device}; "
        f"{facts['pairs']:,} pairs, {facts['validation_sources']:,} validation sources."
    )
    return trainee


def _fit(
    out: Path,
    config: RunConfig,
    facts: dict[str, Any],
    prepared: Prepared,
    trainee: Trainee,
    progress: Progress,
    on_report: Show,
) -> Run:
    tokenizers = (prepared.source_tokenizer, prepared.target_tokenizer)
    names = list(dict.fromkeys([facts["metric"], *facts["metrics"]]))

    def evaluate(model: nn.Module, examples: list[Example]) -> dict[str, Any]:
        holder = Model(config, facts, tokenizers, TorchStepper(model, trainee.device))  # type: ignore[arg-type]
        return holder.evaluate(examples, metrics=names, beam=1, n_best=1, resamples=0)

    lessons = Lessons(prepared.corpus, config.training.batch_symbols, config.seed)
    validate = FreeRunning(prepared.examples, config.training.validate_most, facts["metric"], evaluate)
    progress = fit(trainee, lessons, validate, config.training, out, progress, on_report)
    return Run(out, progress, facts["metric"])
