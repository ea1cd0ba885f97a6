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
from unspool.config import RunConfig, Settings, configuration, merged, resolve
from unspool.data.arrays import real_valued
from unspool.data.buckets import epoch_batches, padding
from unspool.data.columns import FIRST_TWO, Column, parse_columns
from unspool.data.corpus import Corpus, Example, collate
from unspool.data.fingerprint import fingerprint
from unspool.data.inputs import Files
from unspool.data.reading import counted
from unspool.errors import Mistake
from unspool.explain import rates
from unspool.folder import Facts
from unspool.metrics.report import BITS
from unspool.models import registry
from unspool.nn.devices import device_of
from unspool.nn.stepper import TorchStepper
from unspool.text.joined import parts_of
from unspool.text.reals import sizes_of
from unspool.text.units import answers_are_sentences, bleu_tokenizer
from unspool.trained import Model, load
from unspool.training.array_preparation import prepare_arrays
from unspool.training.batch_sampler import BatchSampler
from unspool.training.checkpoint import read_weights
from unspool.training.clock import Clock
from unspool.training.loop import fit
from unspool.training.preparation import Prepared, prepare
from unspool.training.progress import Progress, Report
from unspool.training.range_test import range_test
from unspool.training.text_preparation import prepare_text
from unspool.training.train_state import TrainState
from unspool.training.validation import FreeRunning
from unspool.training.vectors import start_from_vectors
from unspool.types import SPECIALS, Form, Sizes, Tokenizer

# Batches of an epoch, at least, unless `batch_symbols` is given.
BATCHES = 32
# Pairs whose loss is compared in both precisions before training.
CHECKED = 32
MORE = "Raise what ended it: --set training.max_updates=… (or epochs, max_minutes, patience)"

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
    valid: str | Path | Sequence[str | Path] | None = None,
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
    files = Files(_paths(data), _paths(valid or ()))
    given = {"model.name": model, "data.columns": columns, "training.max_minutes": max_minutes} | (settings or {})
    wanted = resolve(configuration(Path(config) if config else None, [], given))
    begin(files, Path(out), wanted, overwrite=overwrite, on_report=on_report, on_message=on_message)
    return load(out, wanted.device)


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
    if out.exists() and not out.is_dir():
        raise Mistake(f"{out} is a file, and a run needs a folder.", "Give another --out.")
    tokenizers: tuple[Tokenizer, ...] = ()
    if start_from:
        config, tokenizers = inherit(config, start_from)
    config = _buildable(config)
    prepared = _prepare(files, config, tokenizers, on_message)
    config = _fitted(config, prepared.corpus)
    facts = _facts(files, config, prepared, start_from)
    trainee = _trainee(config, facts, prepared, on_message)
    if start_from:
        other, theirs = disk.read_run(start_from)
        read_weights(start_from / disk.WEIGHTS, trainee.module, disk.identity(other, theirs, *tokenizers))
    for said in start_from_vectors(trainee.module, prepared, config.data):
        on_message(said)
    trainee.average.restart()
    # Nothing is written, and nothing replaced, before all that can be refused has been built.
    disk.clear(out, recipe=overwrite)
    disk.write_tokenizers(out, prepared.source_tokenizer, prepared.target_tokenizer)
    disk.write_run(out, config, facts)
    progress = Progress()
    trainee.save(out / disk.CHECKPOINTS, progress, best=False)
    lessons = BatchSampler(prepared.corpus, config.training.batch_symbols, config.seed)
    return _fit(out, config, facts, prepared, trainee, lessons, progress, on_report)


def resume(out: Path, changes: dict[str, Any], files: Files | None, *, on_report: Show, on_message: Tell) -> Run:
    """Go on where a run was stopped, exactly as if it had not been.

    changes: plain values of settings to change from here on, such as the learning rate or the limits
    files:   where the same data lies now, if it has moved
    """
    config, facts = disk.read_run(out)
    config = change(config, changes)
    files = files or Files.from_json(facts.files)
    if fingerprint(files.paths()) != facts.fingerprint:
        raise Mistake(
            f"The data of {out} has changed since it was trained; an exact resume is not possible.",
            f"Restore the files, or start from its weights on the new data: --from {out} --out ANOTHER",
        )
    prepared = _prepare(files, config, disk.read_tokenizers(out), lambda message: None)
    trainee = _trainee(config, facts, prepared, on_message)
    progress = trainee.resume(out / disk.CHECKPOINTS)
    lessons = BatchSampler(prepared.corpus, config.training.batch_symbols, config.seed)
    # New limits may give a finished run more to do.
    progress.finished = progress.finished and Clock(config.training, progress, len(lessons)).over
    if progress.finished:
        on_message(f"This run finished behind update {progress.update:,}, and nothing is changed. {MORE}")
        return Run(out, progress, facts.metric)
    facts = facts.model_copy(update={"files": files.to_json()})
    disk.write_run(out, config, facts)
    on_message(f"Going on behind update {progress.update:,}.")
    return _fit(out, config, facts, prepared, trainee, lessons, progress, on_report)


def find_rate(
    files: Files, config: RunConfig, picture: Path, *, on_update: Callable[[int], None], on_message: Tell
) -> float:
    """Which learning rate suits a model and data: train shortly with a growing one, draw the losses, keep no more."""
    config = _buildable(config)
    prepared = _prepare(files, config, (), on_message)
    config = _fitted(config, prepared.corpus)
    trainee = _trainee(config, _facts(files, config, prepared, None), prepared, on_message)
    lessons = BatchSampler(prepared.corpus, config.training.batch_symbols, config.seed)
    test = range_test(trainee, lessons, config.training, on_update)
    rates.picture(test.rates, test.losses, test.smoothed, test.suggestion, picture)
    return test.suggestion


def change(config: RunConfig, changes: dict[str, Any]) -> RunConfig:
    """A run's configuration with other values; what decides its batches or its optimizer's state cannot change."""
    changed = resolve(merged(disk.plain(config), changes))
    kept: list[tuple[str, Settings, Settings]] = [
        (name, config, changed) for name in ("model", "settings", "data", "seed")
    ]
    kept += [
        (name, config.training, changed.training) for name in ("batch_symbols", "accumulate", "optimizer", "averaging")
    ]
    for name, before, after in kept:
        if getattr(before, name) != getattr(after, name):
            what = f"A resumed run keeps its {name.replace('settings', 'model settings')}."
            raise Mistake(what, "Start another from its weights: --from RUN --out ANOTHER")
    return changed


def inherit(config: RunConfig, start_from: Path) -> tuple[RunConfig, tuple[Tokenizer, Tokenizer]]:
    """Another run's model and tokenizers; given settings of the model go on top, and contradictions are refused."""
    other, _ = disk.read_run(start_from)
    if "model" in config.model_fields_set and config.model != other.model:
        raise Mistake(
            f"{start_from} holds a {other.model}, not a {config.model}.", "Leave --model out, or train afresh."
        )
    source, target = disk.read_tokenizers(start_from)
    columns = parse_columns(config.data.columns) if config.data.columns else FIRST_TWO
    _check_kinds(start_from, "source", source, columns.source, config.data.source_tokenizer)
    _check_kinds(start_from, "target", target, columns.target or (), config.data.target_tokenizer)
    settings = other.settings | config.settings
    return config.model_copy(update={"model": other.model, "settings": settings}), (source, target)


def _check_kinds(run: Path, side: str, tokenizer: Tokenizer, columns: tuple[Column, ...], default: str) -> None:
    """Whether a side's columns can be read with another run's tokenizer."""
    kinds = [part.kind for part in parts_of(tokenizer)]
    asked = [column.tokenizer or default for column in columns]
    if len(kinds) != len(asked) or any(wish not in ("auto", kind) for wish, kind in zip(asked, kinds, strict=True)):
        what = f"{run} reads its {side} as {'+'.join(kinds)}, and {'+'.join(asked)} was asked for."
        raise Mistake(what, "Weights and tokenizers belong together: ask for the same, or train afresh.")


def _buildable(config: RunConfig) -> RunConfig:
    """The model's settings in full. What cannot be built is said before minutes go into reading."""
    if config.data.target_vectors and registry.form_of(config.model).writes in ("label", "labels"):
        what = f"{config.model} writes labels and embeds none of them, so data.target_vectors has no place there."
        raise Mistake(what, "Leave it out.")
    wanted = config.training.metric
    if registry.continues(config.model) and wanted != "auto":
        what = f"A model of running text writes no answers to measure {wanted} of."
        raise Mistake(what, "Leave training.metric out.")
    settings = registry.settings_of(config.model, config.settings)
    registry.build(config.model, settings, Sizes(len(SPECIALS) + 1, len(SPECIALS) + 1))
    device_of(config.device)
    return config.model_copy(update={"settings": settings.model_dump()})


def _prepare(files: Files, config: RunConfig, tokenizers: tuple[Tokenizer, ...], on_message: Tell) -> Prepared:
    form = registry.form_of(config.model, config.settings)
    if registry.continues(config.model):
        prepared = prepare_text(files, config.data, tokenizers)
    elif real_valued(files.data + files.valid):
        prepared = prepare_arrays(files, config.data, tokenizers, form)
    else:
        table, valid = files.open(config.data)
        prepared = prepare(table, valid, config.data, tokenizers, form)
    for message in prepared.messages:
        on_message(message)
    if config.settings.get("tie_embeddings") and not same_vocabulary(prepared):
        what = "Tied embeddings need one vocabulary, and source and target have one each."
        raise Mistake(what, "Make one of both: --set data.shared_vocabulary=true, or leave model.tie_embeddings out.")
    return prepared


def same_vocabulary(prepared: Prepared) -> bool:
    """Whether the same ids mean the same on both sides."""
    return prepared.source_tokenizer.to_json() == prepared.target_tokenizer.to_json()


def _fitted(config: RunConfig, corpus: Corpus) -> RunConfig:
    """Settings that the data decides where nobody asked for a value.

    Answers may be half as long again as the longest one of training, and an epoch of small data is cut into at least
    `BATCHES` batches, so that it takes more than a handful of updates. A model of running text is measured by its
    likelihood, so nothing is smoothed. Word vectors learned elsewhere are not to be forgotten at once.
    """
    training, decoding = config.training, config.decoding
    if "label_smoothing" not in training.model_fields_set and registry.continues(config.model):
        training = training.model_copy(update={"label_smoothing": 0.0})
    if training.embedding_rate is None and (config.data.source_vectors or config.data.target_vectors):
        training = training.model_copy(update={"embedding_rate": 1.0})
    if "max_length" not in decoding.model_fields_set:
        longest = int(corpus.targets.lengths().max(initial=0))
        labels = registry.form_of(config.model).writes == "labels"
        length = config.data.max_source if labels else longest + longest // 2 + 5
        decoding = decoding.model_copy(update={"max_length": length})
    if "batch_symbols" not in training.model_fields_set:
        symbols = int(corpus.sources.lengths().sum() + corpus.targets.lengths().sum())
        training = training.model_copy(
            update={"batch_symbols": max(256, min(training.batch_symbols, symbols // BATCHES))}
        )
    return config.model_copy(update={"training": training, "decoding": decoding})


def _facts(files: Files, config: RunConfig, prepared: Prepared, start_from: Path | None) -> Facts:
    """What was found out on the way, for run.json."""
    corpus, target = prepared.corpus, prepared.target_tokenizer
    answers = [answer for example in prepared.examples[:1000] for answer in example.references]
    metrics, deciding = _metrics(registry.form_of(config.model), answers_are_sentences(target, answers))
    wanted = config.training.metric
    return Facts(
        unspool=__version__,
        versions={"python": platform.python_version(), "torch": torch.__version__, "numpy": np.__version__},
        begun=datetime.now(UTC).isoformat(timespec="seconds"),
        files=files.to_json(),
        fingerprint=fingerprint(files.paths()),
        sizes=sizes_of(prepared.source_tokenizer, target),
        pairs=len(corpus),
        validation_sources=len(prepared.examples),
        padding_waste=round(padding(corpus, epoch_batches(corpus, config.training.batch_symbols, config.seed, 0)), 4),
        metrics=metrics,
        metric=wanted if wanted != "auto" else deciding,
        bleu_tokenizer=bleu_tokenizer(answers),
        start_from=str(start_from.absolute()) if start_from else None,
    )


def _metrics(form: Form, sentences: bool) -> tuple[list[str], str]:
    """What is measured of a model's answers, and which figure decides."""
    if form.writes == "continuation":
        return [BITS], BITS
    if form.writes != "text":
        return ["accuracy", "macro_f1", *["exact_match"] * (form.writes == "labels")], "accuracy"
    if sentences:
        return ["chrf", "bleu", "symbol_error_rate"], "chrf"
    # The symbol error rate moves long before the first answer is wholly right.
    return ["exact_match", "symbol_error_rate"], "symbol_error_rate"


def _trainee(config: RunConfig, facts: Facts, prepared: Prepared, on_message: Tell) -> TrainState:
    """Fresh weights, drawn from the run's seed."""
    torch.manual_seed(config.seed)
    if config.threads:
        torch.set_num_threads(config.threads)
    settings = registry.settings_of(config.model, config.settings)
    model = registry.build(config.model, settings, facts.sizes)
    identity = disk.identity(config, facts, prepared.source_tokenizer, prepared.target_tokenizer)
    trainee = TrainState(model, config.training, device_of(config.device), identity)
    if said := trainee.check_precision(collate(prepared.corpus, np.arange(min(len(prepared.corpus), CHECKED)))):
        on_message(said)
    weights = sum(parameter.numel() for parameter in trainee.module.parameters())
    on_message(
        f"Model {config.model}, {weights:,} weights, {trainee.precision} on {trainee.device}; "
        f"{_examples(config.model, facts)}."
    )
    return trainee


def _examples(model: str, facts: Facts) -> str:
    """How many there are to learn from and to validate on."""
    if registry.continues(model):
        windows, pieces = counted(facts.pairs, "window", "windows"), facts.validation_sources
        return f"{windows} of text, {counted(pieces, 'piece', 'pieces')} to validate on"
    sources = counted(facts.validation_sources, "validation source", "validation sources")
    return f"{counted(facts.pairs, 'pair', 'pairs')}, {sources}"


def _fit(
    out: Path,
    config: RunConfig,
    facts: Facts,
    prepared: Prepared,
    trainee: TrainState,
    lessons: BatchSampler,
    progress: Progress,
    on_report: Show,
) -> Run:
    tokenizers = (prepared.source_tokenizer, prepared.target_tokenizer)
    names = list(dict.fromkeys([facts.metric, *facts.metrics]))

    def evaluate(model: nn.Module, examples: list[Example]) -> dict[str, Any]:
        holder = Model(config, facts, tokenizers, TorchStepper(model, trainee.device))  # type: ignore[arg-type]
        return holder.evaluate(examples, metrics=names, beam=1, n_best=1, resamples=0)

    validate = FreeRunning(prepared.examples, config.training.validate_most, facts.metric, evaluate)
    progress = fit(trainee, lessons, validate, config.training, out, progress, on_report)
    return Run(out, progress, facts.metric)


def _paths(given: str | Path | Sequence[str | Path]) -> tuple[Path, ...]:
    return (Path(given),) if isinstance(given, str | Path) else tuple(Path(path) for path in given)
