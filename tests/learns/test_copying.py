"""Worlds that only copying can solve: answers hold words that no training has ever shown."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

import unspool

SMALL = {
    "model.embedding_size": 24, "model.encoder_size": 48, "model.decoder_size": 48, "model.dropout": 0.0,
    "training.batch_symbols": 1024, "training.max_updates": 250, "training.validate_every": 250,
    "training.learning_rate": 0.01, "training.label_smoothing": 0.1, "training.averaging": 0.98,
    "training.warmup_updates": 20, "training.precision": "fp32",
    "data.source_tokenizer": "words", "data.target_tokenizer": "words", "data.min_count": 2,
}  # fmt: skip
FILLERS = ["well", "then", "now", "here", "so", "yes"]


def greeting(draw: random.Random) -> str:
    """Two names among words, and the answer that greets both, the later one first."""
    one, other = ("".join(draw.choices("abcdefghij", k=6)) for _ in range(2))
    before, between = (draw.choices(FILLERS, k=draw.randint(0, 2)) for _ in range(2))
    return f"{' '.join([*before, 'am', one, *between, 'meet', other])}\thello {other} and {one}\n"


def trained(folder: Path, model: str, **settings: Any) -> Any:
    draw = random.Random(1)
    for name, count in (("train.tsv", 1500), ("valid.tsv", 20), ("test.tsv", 100)):
        (folder / name).write_text("".join(greeting(draw) for _ in range(count)))
    values = SMALL | {f"model.{name}": value for name, value in settings.items()}
    return unspool.train(
        folder / "train.tsv", valid=folder / "valid.tsv", out=folder / "run", model=model, settings=values
    )


@pytest.mark.parametrize("model", [pytest.param("luong", marks=pytest.mark.exhaustive), "bahdanau"])
def test_words_never_seen_are_copied_where_the_model_copies(model: str, tmp_path: Path) -> None:
    found = trained(tmp_path, model, copying=True, coverage=model == "bahdanau")
    assert found.evaluate(tmp_path / "test.tsv", beam=3)["exact_match"] >= 90
    (answer,) = found.predict(["well am Unspool so meet Zebedee"])
    assert answer.text == "hello Zebedee and Unspool"
    assert answer.hypotheses[0].tokens == ["hello", "Zebedee", "and", "Unspool"]
    (score,) = found.score([("well am Unspool so meet Zebedee", "hello Zebedee and Unspool")])
    assert score.log_prob == pytest.approx(answer.hypotheses[0].score, abs=1e-4)


def test_without_copying_no_word_is_right(tmp_path: Path) -> None:
    assert trained(tmp_path, "luong").evaluate(tmp_path / "test.tsv")["exact_match"] == 0
