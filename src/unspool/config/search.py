"""The search space of each model for `unspool tune`: a few settings that matter most, and where each one starts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from unspool.config.models import (
    AnyModelSettings,
    ClassifierSettings,
    EncoderDecoderSettings,
    EncoderSettings,
    GNMTSettings,
    GravesSettings,
    HANSettings,
    LuongSettings,
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

TRAINING: Space = {
    "training.optimizer": Choice(("muon", "adamw"), start="muon"),
    "training.learning_rate": Range(5e-4, 1e-2, start=4e-3, log=True),
    "training.batch_symbols": Choice((1024, 2048, 4096, 8192), start=2048),
}

# The most special class first: the first that a model's settings belong to has its space.
SPACES: tuple[tuple[type[AnyModelSettings], Space], ...] = (
    (
        LuongSettings,
        {
            "model.size": WIDTH,
            "model.encoder_layers": Choice((1, 2, 3), start=2),
            "model.input_feeding": Choice((False, True), start=False),
            "model.dropout": DROPOUT,
        },
    ),
    (
        GNMTSettings,
        {
            "model.size": WIDTH,
            "model.encoder_layers": Choice((2, 3, 4), start=3),
            "model.decoder_layers": Choice((2, 3, 4), start=2),
            "model.dropout": DROPOUT,
        },
    ),
    (
        EncoderDecoderSettings,
        {"model.size": WIDTH, "model.encoder_layers": Choice((1, 2, 3), start=2), "model.dropout": DROPOUT},
    ),
    (
        ClassifierSettings,
        {
            "model.size": WIDTH,
            "model.summary": Choice(("last", "mean", "max"), start="max"),
            "model.dropout": Range(0.0, 0.7, start=0.5),
        },
    ),
    (
        EncoderSettings,
        {"model.size": WIDTH, "model.encoder_layers": Choice((1, 2, 3), start=1), "model.dropout": DROPOUT},
    ),
    (HANSettings, {"model.size": Choice((50, 100, 200), start=100), "model.dropout": Range(0.0, 0.7, start=0.5)}),
    (GravesSettings, {"model.size": WIDTH, "model.layers": Choice((1, 2, 3), start=2), "model.dropout": DROPOUT}),
    (
        TransformerSettings,
        {
            "model.size": Choice((128, 192, 256, 384), start=256),
            "model.encoder_layers": Choice((2, 3, 4), start=3),
            "model.decoder_layers": Choice((2, 3, 4), start=3),
            "model.dropout": Range(0.0, 0.4, start=0.1),
        },
    ),
)


def space_of(model: str) -> Space:
    """What may be tried for a model, those settings of training that matter most included."""
    kind = model_settings()[model]
    own = next(space for owner, space in SPACES if issubclass(kind, owner))
    return {**own, **TRAINING}
