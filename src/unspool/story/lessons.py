"""The models of the story: what each is, what it learns from, and its share of the time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

# A model learns for at most its share of the minutes, and stops after this number of updates where it is faster.
RECURRENT: dict[str, Any] = {"embedding_size": 64, "encoder_size": 128, "decoder_size": 128}
SMALL: dict[str, Any] = {"embedding_size": 16, "encoder_size": 32, "dropout": 0.0, "embedding_std": 1.0}
OF_LABELS: dict[str, Any] = {"batch_symbols": 2048, "learning_rate": 4e-3, "averaging": 0.99, "warmup_updates": 50}


@dataclass(frozen=True, slots=True)
class Lesson:
    """A model that is trained for the story.

    name:    its folder
    table:   what it learns from
    model, training: its settings; data: those of its data
    updates: how many it makes
    share:   of the time of all models, relative to the others
    """

    name: str
    table: str
    model: dict[str, Any]
    updates: int
    share: float
    training: dict[str, Any] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)

    def settings(self, scale: float, validated: int) -> dict[str, dict[str, Any]]:
        """Its settings for so many times the usual number of updates."""
        updates = max(2, round(self.updates * scale))
        training = {"max_updates": updates, "validate_most": validated, "patience": 1000} | self.training
        training["joint_ngram"] = "off"  # a story of networks
        if training.get("feeding") == "scheduled":
            # True letters alone while the model knows next to nothing; near the end their share is the least.
            training["teacher_until"] = round(0.4 * updates)
            training["decay_slope"] = (1 - training["decay_least"]) / (0.5 * updates)
        return {"model": self.model, "data": self.data, "training": training, "decoding": {"beam": 1}}


def _recall(cell: str) -> Lesson:
    model = {"name": "classifier", "encoder_cell": cell, "bidirectional": False, "summary": "last", **SMALL}
    return Lesson(f"recall-{cell}", "marked", model, 500, 0.4, OF_LABELS, {"source_tokenizer": "chars"})


# The task of the plain networks, for one that may look at all states again; it learns later where to look.
LOOKING_BACK = Lesson(
    "recall-attention", "marked",
    {"name": "luong", "bidirectional": False, "encoder_layers": 1, "decoder_size": 32}
    | {key: value for key, value in SMALL.items() if key != "embedding_std"},
    1500, 0.6, OF_LABELS, {"source_tokenizer": "chars", "target_tokenizer": "chars"},
)  # fmt: skip


def _secret(folder: str, share: float = 1.0, training: dict[str, Any] | None = None, **model: Any) -> Lesson:
    return Lesson(folder, "secret", RECURRENT | model, 900, share, {"batch_symbols": 1024} | (training or {}))


SCHEDULED: dict[str, Any] = {"feeding": "scheduled", "decay": "linear", "decay_least": 0.75}

LESSONS: Sequence[Lesson] = (
    Lesson(
        "hello", "greetings",
        {"name": "graves", "cell": "rnn", "layers": 1, "size": 24, "embedding_size": 16, "dropout": 0.0},
        300, 0.3, {"batch_symbols": 2048, "learning_rate": 5e-3},
    ),
    *map(_recall, ("rnn", "gru", "lstm")),
    LOOKING_BACK,
    _secret("sutskever", name="sutskever"),
    _secret("sutskever-forward", name="sutskever", reverse_source=False),
    _secret("cho", name="cho"),
    _secret("cho-scheduled", 1.4, SCHEDULED, name="cho"),
    _secret("bahdanau", 1.4, name="bahdanau", attention_size=64),
    _secret("luong", name="luong"),
    _secret("luong-local", 1.2, name="luong", window="local-p", window_size=3),
    Lesson("reviews", "reviews", {"name": "han", "embedding_size": 32, "word_size": 32, "sentence_size": 32,
                                  "attention_size": 32}, 500, 0.5, {"batch_symbols": 2048}),
    Lesson(
        "transformer", "secret",
        {"name": "transformer", "size": 128, "heads": 4, "encoder_layers": 2, "decoder_layers": 2,
         "feed_forward_size": 256},
        900, 1.0, {"batch_symbols": 1024, "learning_rate": 2e-3},
    ),
)  # fmt: skip
