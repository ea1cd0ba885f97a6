"""Other settings than the defaults, by name: what a default has to be measured against."""

from __future__ import annotations

from benchmarks.quality.tasks import Kind

Settings = dict[str, object]


def widths(width: int, layers: int = 2) -> Settings:
    """All sizes of an encoder-decoder."""
    return {
        "model.embedding_size": width // 2, "model.encoder_size": width, "model.decoder_size": width,
        "model.encoder_layers": layers,
    }  # fmt: skip


# Everything that was the default before settings followed the data.
BEFORE: Settings = {
    "training.optimizer": "adamw", "training.learning_rate": 1e-3, "training.averaging": 0.999, "model.dropout": 0.2,
}  # fmt: skip
ADAMW: Settings = {"training.optimizer": "adamw", "training.learning_rate": 2e-3, "training.averaging": 0.996}

TEXT: dict[str, Settings] = {
    "defaults": {},
    "before": BEFORE | {"model.embedding_size": 256, "model.encoder_size": 512},
    "adamw": ADAMW,
    "rate 2e-3": {"training.optimizer": "muon", "training.learning_rate": 2e-3, "training.averaging": 0.996},
    "rate 8e-3": {"training.optimizer": "muon", "training.learning_rate": 8e-3, "training.averaging": 0.996},
    "batch 1024": {"training.batch_symbols": 1024},
    "batch 2048": {"training.batch_symbols": 2048},
    "batch 4096": {"training.batch_symbols": 4096},
    "dropout 0.1": {"model.dropout": 0.1},
    "dropout 0.2": {"model.dropout": 0.2},
    "dropout 0.3": {"model.dropout": 0.3},
    "dropout 0.4": {"model.dropout": 0.4},
    "dropped embeddings": {"model.embedding_dropout": 0.2},
    "kept embeddings": {"model.embedding_dropout": 0.0},
    "width 192": widths(192),
    "width 384": widths(384),
    "width 512": widths(512),
    "one layer": widths(256, 1),
    "three layers": widths(256, 3),
    "input feeding": {"model.input_feeding": "true"},
    "bahdanau": {"model": "bahdanau"},
    "copying": {"model.copying": "true"},
    "averaging 0.99": {"training.averaging": 0.99},
    "averaging 0.999": {"training.averaging": 0.999},
}

LABEL: dict[str, Settings] = {
    "defaults": {},
    "before": BEFORE | {"model.embedding_size": 256, "model.summary": "last"},
    "muon": {"training.optimizer": "muon", "training.learning_rate": 4e-3, "training.averaging": 0.99},
    "rate 1e-3": {"training.optimizer": "adamw", "training.learning_rate": 1e-3, "training.averaging": 0.99},
    "rate 4e-3": {"training.optimizer": "adamw", "training.learning_rate": 4e-3, "training.averaging": 0.99},
    "mean": {"model.summary": "mean"},
    "last": {"model.summary": "last"},
    "dropout 0.3": {"model.dropout": 0.3},
    "dropout 0.6": {"model.dropout": 0.6},
    "batch 4096": {"training.batch_symbols": 4096},
    "batch 8192": {"training.batch_symbols": 8192},
    "more passes": {"training.epochs": 12},
    "width 128": {"model.encoder_size": 128, "model.embedding_size": 128},
    "words": {"data.source_tokenizer": "words", "data.min_count": 2},
    "characters": {"data.source_tokenizer": "chars"},
    "han": {"model": "han"},
}

ALTERNATIVES: dict[Kind, dict[str, Settings]] = {"text": TEXT, "label": LABEL}


def words_of(kind: Kind, name: str) -> list[str] | None:
    """The words of `unspool train` for an alternative; None if it is not one for this kind of task."""
    settings = ALTERNATIVES[kind].get(name)
    if settings is None:
        return None
    return [word for key, value in settings.items() for word in ("--set", f"{key}={value}")]
