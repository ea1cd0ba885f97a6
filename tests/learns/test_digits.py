"""A small real world: 1,797 handwritten digits of 8 × 8 pixels, each read as 8 rows of 8 values.

Alpaydin & Kaynak 1998, Optical Recognition of Handwritten Digits (UCI); the pictures come with scikit-learn.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from sklearn.datasets import load_digits

import unspool
from unspool.types import Array

SETTINGS = {
    "training.batch_symbols": 1024, "training.max_updates": 300, "training.validate_every": 300,
    "training.learning_rate": 0.01, "training.label_smoothing": 0.0, "training.averaging": 0.98,
    "training.warmup_updates": 20, "training.precision": "fp32",
    "model.dropout": 0.2, "model.embedding_size": 32, "model.encoder_size": 64,
}  # fmt: skip


def written(path: Path, pictures: Array, targets: Array) -> Path:
    """As the product's own files of real values: rows of all pictures below each other, and how many each has."""
    lengths = np.full(len(pictures), 8)
    np.savez(path, values=pictures.reshape(-1, 8) / 16, lengths=lengths, targets=targets.astype(str))
    return path


def test_a_classifier_reads_handwritten_digits_row_by_row(tmp_path: Path) -> None:
    digits = load_digits()
    order = np.random.default_rng(1).permutation(len(digits.images))
    parts = dict(zip(("test", "valid", "train"), np.split(order, [400, 500]), strict=True))
    files = {name: written(tmp_path / f"{name}.npz", digits.images[some], digits.target[some])
             for name, some in parts.items()}  # fmt: skip
    run = unspool.train(
        files["train"], valid=files["valid"], model="classifier", out=tmp_path / "run", settings=SETTINGS
    )
    figures = run.evaluate(files["test"])
    assert figures["n"] == 400 and figures["accuracy"] >= 94 and figures["macro_f1"] >= 94, figures
