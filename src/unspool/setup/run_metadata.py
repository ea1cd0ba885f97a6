"""What run.json records of a new run besides its settings: versions, files, sizes, metrics."""

from __future__ import annotations

import platform
import secrets
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import torch

from unspool import __version__
from unspool.config import RunConfig
from unspool.data.buckets import epoch_batches, padding
from unspool.data.columns import Columns
from unspool.data.fingerprint import fingerprint
from unspool.data.inputs import Files
from unspool.data.memory import PAIR
from unspool.data.prepared import Prepared
from unspool.folder import RunMetadata
from unspool.setup.defaults import metrics_of
from unspool.tasks import sizes_of
from unspool.types import Array

# The share of training sources that are of the usual length.
USUAL = 0.99


def metadata_of(files: Files, config: RunConfig, prepared: Prepared, start_from: Path | None) -> RunMetadata:
    """The record; start_from: the run whose weights this one begins with."""
    corpus, fields = prepared.corpus, prepared.fields
    metrics, deciding, tokenizer = metrics_of(fields, prepared.examples, config.training)
    return RunMetadata(
        unspool=__version__,
        versions={"python": platform.python_version(), "torch": torch.__version__, "numpy": np.__version__},
        begun=datetime.now(UTC).isoformat(timespec="seconds"),
        files=files.to_json(),
        fingerprint=fingerprint(files.paths()),
        sizes=sizes_of(fields.dimensions),
        pairs=len(corpus),
        validation_sources=len(prepared.examples),
        padding_waste=round(padding(corpus, epoch_batches(corpus, config.training.batch_symbols, config.seed, 0)), 4),
        metrics=metrics,
        metric=deciding,
        bleu_tokenizer=tokenizer,
        start_from=str(start_from.absolute()) if start_from else None,
        run=secrets.token_hex(8),
        columns=_names(files, prepared.known),
        left_out=prepared.left_out,
        longest_source=_usual_length(corpus.sources.lengths()),
    )


def _usual_length(lengths: Array) -> int:
    """The symbols that all but one in a hundred of the training sources have at most; outliers teach nothing."""
    return int(np.quantile(lengths, USUAL, method="higher")) if len(lengths) else 0


def _names(files: Files, known: Columns | None) -> dict[str, list[str]] | None:
    """The names of a header; pairs in memory have none, and the file that holds them for a while calls them by rote."""
    if known is None or (files.spool and known.wanted == [*PAIR]):
        return None
    return known.names
