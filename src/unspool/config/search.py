"""The search space of each model for `unspool tune`: a few settings that matter most, and where each one starts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from unspool.config.model_families import AnyModelSettings, EncoderDecoderSettings, EncoderSettings
from unspool.config.models import (
    ClassifierSettings,
    GNMTSettings,
    GravesSettings,
    HANSettings,
    LuongSettings,
    SynthesisSettings,
    TransformerSettings,
)
from unspool.config.run import model_settings

Value: TypeAlias = int | float | str | bool


@dataclass(frozen=True, slots=True)
class Choice:
    """One of these values; `start` is the first one tried."""

    values: tuple[Value, ...]
    start: Value


@dataclass(frozen=True, slots=True)
class Range:
    """A number from `low` to `high`; log: small and large ones are tried alike."""

    low: float
    high: float
    start: float
    log: bool = False


# From a setting's key to what may be tried.
Space: TypeAlias = Mapping[str, Choice | Range]

WIDTH = Choice((128, 192, 256, 384, 512), start=256)
DROPOUT = Range(0.0, 0.6, start=0.2)

EMBEDDING = Choice((64, 128, 256), start=128)


def training(optimizer: str, rate: float, averaging: float) -> Space:
    """What is tried of training, from where it starts."""
    return {
        "training.optimizer": Choice(("muon", "adamw"), start=optimizer),
        "training.learning_rate": Range(5e-4, 1e-2, start=rate, log=True),
        "training.averaging": Choice((0.99, 0.996, 0.999), start=averaging),
        "training.batch_symbols": Choice((1024, 2048, 4096, 8192), start=2048),
    }


# As `recommended` begins: texts, labels, and the rest.
TEXT, LABEL, OTHER = training("muon", 4e-3, 0.996), training("adamw", 2e-3, 0.99), training("adamw", 1e-3, 0.999)

# The most special class first: the first that a model's settings belong to has its space.
SPACES: tuple[tuple[type[AnyModelSettings], Space], ...] = (
    (
        LuongSettings,
        {
            "model.size": WIDTH,
            "model.embedding_size": EMBEDDING,
            "model.encoder_layers": Choice((1, 2, 3), start=2),
            "model.input_feeding": Choice((False, True), start=False),
            "model.dropout": DROPOUT,
            **TEXT,
        },
    ),
    (
        GNMTSettings,
        {
            "model.size": WIDTH,
            "model.embedding_size": EMBEDDING,
            "model.encoder_layers": Choice((2, 3, 4), start=4),
            "model.decoder_layers": Choice((2, 3, 4), start=4),
            "model.dropout": DROPOUT,
            **TEXT,
        },
    ),
    (
        EncoderDecoderSettings,
        {
            "model.size": WIDTH,
            "model.embedding_size": EMBEDDING,
            "model.encoder_layers": Choice((1, 2, 3), start=2),
            "model.dropout": DROPOUT,
            **TEXT,
        },
    ),
    (
        ClassifierSettings,
        {
            "model.size": WIDTH,
            "model.embedding_size": EMBEDDING,
            "model.summary": Choice(("last", "mean", "max"), start="max"),
            "model.dropout": Range(0.0, 0.7, start=0.5),
            **LABEL,
        },
    ),
    (
        EncoderSettings,
        {"model.size": WIDTH, "model.encoder_layers": Choice((1, 2, 3), start=1), "model.dropout": DROPOUT, **OTHER},
    ),
    (
        HANSettings,
        {"model.size": Choice((50, 100, 200), start=100), "model.dropout": Range(0.0, 0.7, start=0.5), **LABEL},
    ),
    (
        GravesSettings,
        {"model.size": WIDTH, "model.layers": Choice((1, 2, 3), start=2), "model.dropout": DROPOUT, **OTHER},
    ),
    (
        SynthesisSettings,
        {"model.size": WIDTH, "model.layers": Choice((1, 2, 3), start=3), "model.dropout": DROPOUT, **OTHER},
    ),
    (
        TransformerSettings,
        {
            "model.size": Choice((128, 192, 256, 384), start=256),
            "model.encoder_layers": Choice((2, 3, 4), start=3),
            "model.decoder_layers": Choice((2, 3, 4), start=3),
            "model.dropout": Range(0.0, 0.4, start=0.1),
            **OTHER,
        },
    ),
)


def space_of(model: str) -> Space:
    """What may be tried for a model."""
    kind = model_settings()[model]
    return next(space for owner, space in SPACES if issubclass(kind, owner))
