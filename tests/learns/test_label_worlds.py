"""Tiny worlds of labels: a picture, a document, and each item of a sequence; measured on what was never seen."""

from __future__ import annotations

import json
import random
from pathlib import Path

import numpy as np
import pytest

import unspool
from unspool.types import Array

TRAINING = {
    "training.batch_symbols": 1024, "training.max_updates": 300, "training.validate_every": 300,
    "training.learning_rate": 0.01, "training.label_smoothing": 0.0, "training.averaging": 0.98,
    "training.warmup_updates": 20, "training.precision": "fp32", "model.dropout": 0.0, "model.embedding_size": 24,
}  # fmt: skip
SHAPES = ("across", "down", "frame", "cross", "diagonal")
SIZE = 8


def drawn(shape: str, random: np.random.Generator) -> Array:
    """A picture `[8, 8]` of one shape somewhere, of some brightness, in noise."""
    picture = np.zeros((SIZE, SIZE))
    y, x = random.integers(1, SIZE - 1, 2)
    low, high = random.integers(0, 3), random.integers(5, SIZE)
    if shape in ("across", "cross"):
        picture[y] = 1
    if shape in ("down", "cross"):
        picture[:, x] = 1
    if shape == "frame":
        picture[low : high + 1, low : high + 1] = 1
        picture[low + 1 : high, low + 1 : high] = 0
    if shape == "diagonal":
        np.fill_diagonal(picture, 1)
    return picture * random.uniform(0.7, 1.3) + random.normal(0, 0.15, picture.shape)


def pictures(path: Path, count: int, seed: int) -> Path:
    random = np.random.default_rng(seed)
    targets = random.choice(SHAPES, count)
    values = np.concatenate([drawn(shape, random) for shape in targets])
    np.savez(path, values=values, lengths=np.full(count, SIZE), targets=targets)
    return path


@pytest.mark.parametrize("summary", ["last", "mean", "max"])
def test_a_classifier_reads_a_picture_row_by_row(summary: str, tmp_path: Path) -> None:
    run = unspool.train(
        pictures(tmp_path / "train.npz", 1500, 1), valid=pictures(tmp_path / "valid.npz", 50, 2), model="classifier",
        out=tmp_path / "run", settings=TRAINING | {"model.encoder_size": 64, "model.summary": summary},
    )  # fmt: skip
    figures = run.evaluate(pictures(tmp_path / "test.npz", 200, 3))
    assert figures["accuracy"] >= 95 and figures["macro_f1"] >= 95, figures


def marked(draw: random.Random) -> tuple[str, str]:
    """Sentences of letters; the label is the letter after the only "x"."""
    sentences = [draw.choices("abc", k=draw.randint(1, 5)) for _ in range(draw.randint(1, 5))]
    chosen, label = draw.choice(sentences), draw.choice("abc")
    place = draw.randint(0, len(chosen))
    chosen[place:place] = ["x", label]
    return "\n".join(map("".join, sentences)), label


def test_a_hierarchical_network_finds_the_sentence_that_counts(tmp_path: Path) -> None:
    draw = random.Random(1)
    for name, count in (("train", 2000), ("valid", 50), ("test", 200)):
        rows = [dict(zip(("text", "label"), marked(draw), strict=True)) for _ in range(count)]
        (tmp_path / f"{name}.jsonl").write_text("\n".join(map(json.dumps, rows)))
    sizes = {"model.word_size": 32, "model.sentence_size": 32, "model.attention_size": 16}
    run = unspool.train(
        tmp_path / "train.jsonl", valid=tmp_path / "valid.jsonl", model="han", out=tmp_path / "run",
        settings=TRAINING | sizes | {"data.source_tokenizer": "chars"},
    )  # fmt: skip
    assert run.evaluate(tmp_path / "test.jsonl")["accuracy"] >= 95
    (prediction,) = run.predict(["ab\nca\nbxca\ncc\nab"])
    sentences, _ = prediction.hypotheses[0].attention
    assert prediction.text == "c" and sentences[0].argmax() == 2


def test_a_tagger_looks_back_and_ahead(tmp_path: Path) -> None:
    draw = random.Random(1)
    for name, count in (("train", 2000), ("valid", 50), ("test", 200)):
        rows = []
        for _ in range(count):
            letters = draw.choices("abcdef", k=draw.randint(1, 8))
            places = [(letter in letters[:i], letter in letters[i + 1 :]) for i, letter in enumerate(letters)]
            kinds = {(False, False): "only", (False, True): "first", (True, True): "middle", (True, False): "last"}
            rows.append(" ".join(letters) + "\t" + " ".join(kinds[place] for place in places))
        (tmp_path / f"{name}.tsv").write_text("\n".join(rows))
    run = unspool.train(
        tmp_path / "train.tsv", valid=tmp_path / "valid.tsv", model="tagger", out=tmp_path / "run",
        settings=TRAINING | {"model.encoder_size": 64},
    )  # fmt: skip
    figures = run.evaluate(tmp_path / "test.tsv")
    assert figures["accuracy"] >= 97 and figures["macro_f1"] >= 97, figures
