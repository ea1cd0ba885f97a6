"""From configuration and data to a run that is ready to train: everything is read, built and checked once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from unspool import folder as disk
from unspool.config import RunConfig
from unspool.data.columns import Columns
from unspool.data.corpus import collate
from unspool.data.inputs import Files
from unspool.data.preparation import prepare
from unspool.data.prepared import Plan, Prepared
from unspool.devices import device_of
from unspool.errors import Mistake, memory_for
from unspool.fields.registry import Fields, field_class
from unspool.folder import RunMetadata
from unspool.models.registry import build
from unspool.plural import counted
from unspool.setup.defaults import with_defaults
from unspool.setup.run_metadata import metadata_of
from unspool.tasks import task_of
from unspool.training.batch_sampler import BatchSampler
from unspool.training.class_weights import class_weights_of
from unspool.training.random_state import RandomState
from unspool.training.train_state import TrainState
from unspool.types import Labels

# Pairs whose loss is compared in both precisions before training.
CHECKED = 32

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class ReadyRun:
    """Everything that training needs.

    config:   the configuration with all defaults
    metadata: what run.json records besides the settings
    """

    config: RunConfig
    metadata: RunMetadata
    prepared: Prepared
    state: TrainState
    batches: BatchSampler

    @property
    def fields(self) -> Fields:
        """The source and target fields."""
        return self.prepared.fields


def new_run(
    files: Files, config: RunConfig, on_message: Tell, fields: Fields | None = None, start_from: Path | None = None,
    known: Columns | None = None,
) -> ReadyRun:  # fmt: skip
    """A run with new parameters; fields, known: those of another run, to be reused (see `Plan`)."""
    device_of(config.device)  # an error here comes before minutes are spent on reading
    prepared = read(files, config, on_message, fields, known)
    config = disk.complete(with_defaults(config, prepared, start_from=start_from is not None))
    return ready(config, metadata_of(files, config, prepared, start_from), prepared, on_message)


def read(
    files: Files, config: RunConfig, on_message: Tell, fields: Fields | None = None, known: Columns | None = None
) -> Prepared:
    """Read and encode the data; `on_message` gets what the user should know about it."""
    task = task_of(config, files) if fields is None else fields.task
    if config.training.metric != "auto" and not field_class(task.target).has_answers:
        what = (
            f"A model of {task.target.replace('_', ' ')} has no right answers, so it has no {config.training.metric}."
        )
        raise Mistake(what, "Leave training.metric out.")
    if config.training.joint_ngram == "on" and (task != ("text", "text") or config.model.copies):
        what = "A joint n-gram model is for texts that become texts, without copying."
        raise Mistake(what, "Leave training.joint_ngram out.")
    prepared = prepare(files, Plan(task, config.data, config.model.copies, fields, known))
    for message in prepared.messages:
        on_message(message)
    if config.data.target_vectors and isinstance(prepared.fields.target.dimension, Labels):
        what = f"{config.model.name} does not embed its labels, so data.target_vectors cannot be used."
        raise Mistake(what, "Leave it out.")
    if config.model.ties_embeddings and not prepared.fields.one_vocabulary():
        what = "Tied embeddings need one vocabulary, but source and target have different ones."
        raise Mistake(what, "Share it: --set data.shared_vocabulary=true, or leave model.tie_embeddings out.")
    return prepared


def ready(config: RunConfig, metadata: RunMetadata, prepared: Prepared, on_message: Tell) -> ReadyRun:
    """A network with parameters drawn with the run's random seed, and the batches to train on."""
    if config.threads:
        torch.set_num_threads(config.threads)
    device = device_of(config.device)
    random = RandomState(device, config.seed)
    identity = disk.identity(config, metadata, *(field.to_json() for field in prepared.fields))
    remedy = f"Reduce the sizes of the model; they are listed by: unspool describe {config.model.name}"
    with memory_for("the parameters of the model", remedy):
        with random.drawing():
            model = build(config.model, prepared.fields.dimensions)
        weights = class_weights_of(config.training, prepared.corpus.targets)
        state = TrainState(model, config.training, device, random, identity, metadata.run, weights)
    few = np.arange(min(len(prepared.corpus), CHECKED))
    if message := state.check_precision(collate(prepared.corpus, few)):
        on_message(message)
    on_message(summary(config, metadata, prepared.fields, state))
    batches = BatchSampler(prepared.corpus, config.training.batch_symbols, config.seed)
    return ReadyRun(config, metadata, prepared, state, batches)


def summary(config: RunConfig, metadata: RunMetadata, fields: Fields, state: TrainState) -> str:
    """A line with the model, its size, the precision, the device and the data."""
    parameters = sum(parameter.numel() for parameter in state.module.parameters())
    pairs = counted(metadata.pairs, *fields.target.noun)
    examples = counted(metadata.validation_sources, *fields.target.validation_noun)
    where = f"{state.precision} on {state.device}"
    return f"Model {config.model.name}, {parameters:,} parameters, {where}; {pairs}, {examples}."
