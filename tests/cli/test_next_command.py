"""What a command names as the next one fits the model."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import unspool
from unspool.cli.folders import asking
from unspool.ink.hershey import Hand, written

MODELS = Path(__file__).parents[1] / "folders" / "0.1.0"


@pytest.mark.parametrize("kind", ["trained", "exported"])
def test_a_model_of_texts_is_asked_to_predict(kind: str) -> None:
    folder = MODELS / "luong" / kind
    assert asking(folder) == f"unspool predict {folder}"


def test_a_writer_is_asked_to_write(tmp_path: Path) -> None:
    draw = np.random.default_rng(1)
    lines = [(text, written(text, Hand("futural"), draw).points) for text in ("hello", "world")]
    settings = {"model.size": 8, "model.layers": 1, "model.components": 2, "training.max_updates": 1}
    unspool.train(lines, valid=lines, model="synthesis", out=tmp_path / "w", settings=settings, progress=False)
    assert asking(tmp_path / "w") == f"unspool write {tmp_path / 'w'} 'a few words' --out words.svg"
