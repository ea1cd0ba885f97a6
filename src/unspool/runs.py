"""A run: begin it, resume it, or start another from its weights."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from unspool import folder as disk
from unspool.config import RunConfig, resolve
from unspool.config.values import merged
from unspool.data.fingerprint import fingerprint
from unspool.data.hub import download
from unspool.data.inputs import Files
from unspool.data.read_once import read_once
from unspool.devices import own_threads
from unspool.errors import Mistake
from unspool.fitting import Run, Show, train_on, write_settings, write_start
from unspool.folder import RunMetadata
from unspool.setup.changes import Inherited, change, inherit
from unspool.setup.ready_run import ReadyRun, Tell, new_run, read, ready
from unspool.setup.recognition import with_model
from unspool.storage.lock import hold
from unspool.tasks import read_fields
from unspool.text.surrogates import holds_surrogates
from unspool.training.checkpoint import read_weights
from unspool.training.clock import Clock, Reserve
from unspool.training.interruption import Interruption
from unspool.training.range_test import RangeTest, range_test
from unspool.training.vectors import start_from_vectors

MORE = "To continue, raise the limit that ended it: --set training.max_updates=… (or epochs, max_minutes, patience)"


@read_once()
def begin(
    files: Files, out: Path, values: dict[str, Any], *, start_from: Path | None = None, overwrite: bool = False,
    on_report: Show, on_message: Tell, reserve: Reserve | None = None,
) -> Run:  # fmt: skip
    """Train and write a folder, from new parameters or from another run's.

    values:  plain values of settings, as `config.resolve` takes them
    reserve: keeps a part of `training.max_minutes` free of training, see `training.clock`
    """
    if out.exists() and not out.is_dir():
        raise Mistake(f"{out} is a file, and a run needs a folder.", "Give another --out.")
    if holds_surrogates(str(out)):  # bytes that are not UTF-8, which the library of TensorBoard cannot write to
        raise Mistake(f"The name {str(out)!a} is not UTF-8.", "Give another --out.")
    with hold(out), own_threads(), Interruption() as interruption:
        disk.refuse_taken(out, overwrite)
        files = download(files, on_message)
        inherited = inherit(values, start_from) if start_from else None
        config = inherited.config if inherited else _resolve(values, files, on_message)
        fields, known = (inherited.fields, inherited.known) if inherited else (None, None)
        run = new_run(files, config, on_message, fields, start_from, known)
        initialize(run, inherited, on_message)
        # Everything that can fail has been built by now. Before this line nothing is written or replaced.
        interruption.saves()
        disk.clear(out, recipe=overwrite)
        return train_on(out, run, write_start(out, run, files), interruption, on_report, on_message, reserve)


@read_once()
def resume(
    out: Path, changes: dict[str, Any], files: Files | None, *, on_report: Show, on_message: Tell,
    reserve: Reserve | None = None,
) -> Run:  # fmt: skip
    """Continue a stopped run, exactly as if it had not been stopped.

    changes: plain values of settings that change from now on, such as the learning rate or the limits
    files:   the new place of the same data, if it has moved
    """
    disk.refuse_unbegun(out)
    with hold(out), own_threads(), Interruption() as interruption:
        config, metadata = disk.read_run(out)
        config = change(config, changes)
        if files is None:
            files = Files.from_json(metadata.files, out)
            files.refuse_read_once()
        else:
            files = download(files, on_message)
        if fingerprint(files.paths()) != metadata.fingerprint:
            raise Mistake(
                f"The data of {out} has changed since it was trained; an exact resume is not possible.",
                f"Restore the files, or start from its weights on the new data: --from {out} --out ANOTHER",
            )
        if (out / disk.LAST).exists():
            prepared = read(files, config, lambda message: None, read_fields(out, config))
            run = ready(config, metadata, prepared, on_message)
            progress = run.state.resume(out)
            # With new limits a finished run may continue.
            progress.finished = progress.finished and Clock(config.training, progress, len(run.batches)).over
        else:
            run, progress = _not_begun(files, config, metadata, on_message), None
        if progress and progress.finished:
            on_message(f"This run finished after update {progress.update:,}, and nothing was changed. {MORE}")
            return Run(out, progress, metadata.metric)
        interruption.saves()
        if progress:
            write_settings(out, run, files)
        else:
            progress = write_start(out, run, files)
        on_message(f"Continuing after update {progress.update:,}.")
        return train_on(out, run, progress, interruption, on_report, on_message, reserve)


def _not_begun(files: Files, config: RunConfig, metadata: RunMetadata, on_message: Tell) -> ReadyRun:
    """A run that was stopped between its run.json and its first checkpoint, from that file alone."""
    inherited = inherit(config.model_dump(), Path(metadata.start_from)) if metadata.start_from else None
    fields, known = (inherited.fields, inherited.known) if inherited else (None, None)
    prepared = read(files, config, on_message, fields, known)
    run = ready(config, metadata, prepared, on_message)
    initialize(run, inherited, on_message)
    return run


def _resolve(values: dict[str, Any], files: Files, on_message: Tell) -> RunConfig:
    """A checked configuration, with the model that suits the data if none is named."""
    values, messages = with_model(values, files)
    for message in messages:
        on_message(message)
    return resolve(values)


def initialize(run: ReadyRun, inherited: Inherited | None, on_message: Tell) -> None:
    """Set the parameters with which training starts, where they are not random: another run's, or word vectors."""
    if inherited:
        read_weights(inherited.weights, run.state.module, inherited.identity)
    for message in start_from_vectors(run.state.module, run.fields, run.config.data):
        on_message(message)
    run.state.average.restart()


@read_once()
def find_rate(files: Files, values: dict[str, Any], *, on_update: Callable[[int], None], on_message: Tell) -> RangeTest:
    """A learning rate range test: train a short time with a growing rate. Nothing is written."""
    # A rate that is set without an optimizer is AdamW's, so that is what the test looks for.
    values = merged({"training": {"optimizer": "adamw"}}, values)
    files = download(files, on_message)
    with own_threads():
        run = new_run(files, _resolve(values, files, on_message), on_message)
        return range_test(run.state, run.batches, run.config.training, on_update)
