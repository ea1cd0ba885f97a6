"""A tiny language that every model of running text must learn to the last bit."""

from __future__ import annotations

import math
import random
from pathlib import Path

import pytest

import unspool
from unspool.models.registry import models

SETTINGS = {
    "model.embedding_size": 16, "model.size": 48, "model.dropout": 0.0, "data.window": 64, "training.max_updates": 300,
    "training.batch_symbols": 1024, "training.learning_rate": 0.01, "training.averaging": 0.98,
    "training.warmup_updates": 20, "training.validate_every": 300, "training.precision": "fp32",
}  # fmt: skip


def language(words: int, seed: int) -> str:
    """One of four letters, then the same letter again in capitals between two marks: two bits every four characters."""
    draw = random.Random(seed)
    return "".join(f"{letter}<{letter.upper()}>" for letter in draw.choices("abcd", k=words))


@pytest.mark.parametrize("model", [name for name, entry in models().items() if "running_text" in entry.writes])
def test_a_model_of_text_foresees_all_that_can_be_foreseen(model: str, tmp_path: Path) -> None:
    (tmp_path / "train.txt").write_text(language(4000, seed=1))
    (tmp_path / "test.txt").write_text(language(500, seed=2))
    trained = unspool.train(tmp_path / "train.txt", out=tmp_path / "run", model=model, settings=SETTINGS)
    bits = trained.evaluate(tmp_path / "test.txt")["bits_per_character"]
    assert bits == pytest.approx(math.log2(4) / 4, abs=0.02)
    answer = trained.predict(["b<B>c"], max_length=3)[0].text
    assert answer == "<C>"
