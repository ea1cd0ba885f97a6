"""Settings recommended for the data and the time given, where a person set none (decision 16).

A group of settings is recommended whole or not at all: whoever sets one width chooses the others too, and a learning
rate that is set was meant for the optimizer that was the default before. So an older file means what it meant.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from unspool.config.decoding import DecodingConfig
from unspool.config.model_families import AnyModelSettings, EncoderDecoderSettings
from unspool.config.models import (
    ClassifierSettings,
    GNMTSettings,
    HANSettings,
    SutskeverSettings,
    SynthesisSettings,
)
from unspool.config.training import TrainingConfig

# Target symbols a second of a network of width 256 on two quiet cores, with few symbols and with 8,000. Only a
# measure for choices: what is chosen must not depend on how busy a machine is.
FAST, SLOW, MANY = 12_000.0, 5_000.0, 8_000
# Passes over the data where nothing limits a run.
UNLIMITED = 40
# More target symbols than this are trained: wide layers are worth their time, if there are as many pairs.
WIDE_WORK, WIDE_PAIRS = 15_000_000, 50_000
# Vocabularies whose vectors are not dropped, so that products with a symbol are made once (decision 10).
FEW_SYMBOLS = 200
# A batch is halved where fewer updates than this fit into the time, with few symbols and with many; labels are learned
# from small batches.
ENOUGH_UPDATES, ENOUGH_OF_MANY, LABEL_BATCH = 1200, 2000, 2048
# An epoch of small data has at least this many batches, but no batch fewer symbols.
BATCHES, FEWEST_SYMBOLS = 32, 256
# Where time is the only limit: the most passes, or updates if they are more. Further ones only memorise.
MOST_PASSES, MOST_UPDATES = 100, 3000
LABEL_PASSES, LABEL_UPDATES = 4, 800
BEAM = 5

SIZES = ("size", "embedding_size", "encoder_size", "decoder_size", "encoder_layers", "decoder_layers")
LIMITS = {"epochs", "max_updates"}


@dataclass(frozen=True, slots=True)
class Work:
    """What there is to learn, and how long.

    symbols:        of sources and targets in one pass; target_symbols: of targets alone
    vocabulary:     the number of symbols of the larger side
    reads, writes:  the kinds of the fields
    minutes:        the time limit; None: there is none
    limit:          the passes that a limit of epochs or updates allows; None: there is none
    """

    pairs: int
    symbols: int
    target_symbols: int
    vocabulary: int
    reads: str
    writes: str
    minutes: float | None
    limit: float | None = None

    @property
    def passes(self) -> float:
        """About how many passes over the data will be made."""
        limits = [] if self.limit is None else [self.limit]
        if self.minutes is not None:
            seconds_each = 1 / FAST + (1 / SLOW - 1 / FAST) * min(1.0, self.vocabulary / MANY)
            limits.append(self.minutes * 60 / seconds_each / max(1, self.target_symbols))
        return min(limits, default=UNLIMITED)


def model_settings(model: AnyModelSettings, work: Work) -> dict[str, Any]:
    """The recommended settings of a model that are not set."""
    given, chosen = model.model_fields_set, dict[str, Any]()
    if work.reads == "values":
        return {}
    if isinstance(model, ClassifierSettings):
        chosen = {"embedding_size": 128, "encoder_size": 256, "dropout": 0.5, "summary": "max"}
    elif isinstance(model, HANSettings):
        chosen = {"dropout": 0.5}
    elif isinstance(model, SynthesisSettings):  # the window should be at the end of the text with the last point
        chosen = {"pace": round((work.symbols - work.target_symbols) / max(1, work.target_symbols), 4) or 1e-4}
    elif isinstance(model, EncoderDecoderSettings) and _is_text(work):
        chosen = _sizes(model, work) | {"dropout": _dropout(work)}
        if work.vocabulary <= FEW_SYMBOLS and "dropout" not in given:
            chosen["embedding_dropout"] = 0.0
    if given.intersection(SIZES) or getattr(model, "tie_output", False):
        chosen = {key: value for key, value in chosen.items() if key not in SIZES}
    return {key: value for key, value in chosen.items() if key not in given}


def training_settings(
    training: TrainingConfig, work: Work, *, model: AnyModelSettings, anew: bool = True
) -> dict[str, Any]:
    """The recommended settings of training that are not set; anew: from random parameters, not another run's."""
    given, chosen = training.model_fields_set, dict[str, Any]()
    learns_text = isinstance(model, EncoderDecoderSettings) and _is_text(work)
    free = anew and not given & {"optimizer", "learning_rate"}
    if learns_text and anew and (free or (training.optimizer == "muon" and "learning_rate" not in given)):
        chosen = {"optimizer": "muon", "learning_rate": 4e-3, "averaging": 0.996}
    elif _is_label(work) and free:
        chosen = {"learning_rate": 2e-3, "averaging": 0.99}
    chosen["batch_symbols"] = _batch(training.batch_symbols, work, free=free)
    if free and not given & LIMITS and (_is_label(work) or (work.minutes and learns_text)):
        chosen["epochs"] = _epochs(chosen["batch_symbols"], work)
    return {key: value for key, value in chosen.items() if key not in given}


def decoding_settings(decoding: DecodingConfig, work: Work) -> dict[str, Any]:
    """The recommended settings of decoding that are not set: a beam where texts are short and answered in no time."""
    if decoding.model_fields_set & {"beam", "n_best", "sample"} or not _is_spelled(work):
        return {}
    return {"beam": BEAM}


def joint_ngram_may_help(work: Work, *, made_up: bool) -> bool:
    """Whether groups of letters become groups of others; made-up pairs are for answers that repeat their source."""
    return _is_spelled(work) and not made_up


def _is_spelled(work: Work) -> bool:
    """Whether texts become texts, both of few kinds of symbols."""
    return (work.reads, work.writes) == ("text", "text") and work.vocabulary <= FEW_SYMBOLS


def _is_text(work: Work) -> bool:
    return work.writes == "text"


def _is_label(work: Work) -> bool:
    return work.writes == "label"


def chosen_keys(model: AnyModelSettings, reads: str, writes: str) -> set[str]:
    """The settings, as in `--set`, that are recommended for a model that reads and writes these fields."""
    some = [Work(100, 1000, 500, 100, reads, writes, minutes) for minutes in (None, 1)]
    keys = {f"model.{key}" for work in some for key in model_settings(model, work)}
    training, decoding = TrainingConfig(), DecodingConfig()
    keys |= {f"decoding.{key}" for work in some for key in decoding_settings(decoding, work)}
    return keys | {f"training.{key}" for work in some for key in training_settings(training, work, model=model)}


def _sizes(model: EncoderDecoderSettings, work: Work) -> dict[str, Any]:
    wide = work.passes * work.target_symbols > WIDE_WORK and work.pairs >= WIDE_PAIRS
    width = 512 if wide else 256
    sizes = {"embedding_size": width // 2, "encoder_size": width, "decoder_size": width}
    if isinstance(model, GNMTSettings | SutskeverSettings):  # their depth is the paper's point
        return sizes
    return sizes | {"encoder_layers": 2}


def _dropout(work: Work) -> float:
    """More, the more often the same pairs are seen."""
    return 0.1 if work.passes <= 8 else 0.2 if work.passes <= 25 else 0.3


def _batch(most: int, work: Work, *, free: bool) -> int:
    enough = ENOUGH_UPDATES if work.vocabulary <= FEW_SYMBOLS else ENOUGH_OF_MANY
    if free and _is_label(work):
        most = min(most, LABEL_BATCH)
    elif free and _is_text(work) and work.limit is None and _updates(most, work) < enough:
        most //= 2
    return max(FEWEST_SYMBOLS, min(most, work.symbols // BATCHES))


def _updates(batch: int, work: Work) -> float:
    """About how many updates fit into the time."""
    return work.passes * work.symbols / batch


def _epochs(batch: int, work: Work) -> int:
    """The most passes: as many as teach something, or those of a least number of updates."""
    labels = _is_label(work)
    passes, updates = (LABEL_PASSES, LABEL_UPDATES) if labels else (MOST_PASSES, MOST_UPDATES)
    batches = max(1, work.symbols // batch)
    return max(passes, -(-updates // batches))
