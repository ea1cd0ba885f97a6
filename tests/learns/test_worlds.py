"""Tiny worlds that every model that writes text must learn, measured on words that it never saw."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

import unspool
from unspool.models.registry import models

RECURRENT = {"model.embedding_size": 24, "model.encoder_size": 64, "model.decoder_size": 64, "model.dropout": 0.0}
SIZES = {
    "transformer": {
        "model.size": 64, "model.feed_forward_size": 128, "model.dropout": 0.0, "model.encoder_layers": 1,
        "model.decoder_layers": 2,
    },
    "gnmt": RECURRENT | {"model.encoder_layers": 2, "model.decoder_layers": 2},
}  # fmt: skip
TRAINING = {
    "training.joint_ngram": "off",  # the network itself must learn it
    "training.batch_symbols": 1024,
    "training.max_updates": 400,
    "training.validate_every": 400,
    "training.learning_rate": 0.01,
    "training.label_smoothing": 0.0,
    "training.averaging": 0.98,
    "training.warmup_updates": 20,
    "training.precision": "fp32",
    "data.source_tokenizer": "chars",
    "data.target_tokenizer": "chars",
}
TASKS = {"copy": lambda word: word, "reverse": lambda word: word[::-1], "sort": lambda word: "".join(sorted(word))}
WRITING = [name for name, entry in models().items() if "text" in entry.writes]


def table(path: Path, words: list[str], task: str) -> Path:
    path.write_text("".join(f"{word}\t{TASKS[task](word)}\n" for word in words), encoding="utf-8")
    return path


@pytest.mark.parametrize("model", WRITING)
def test_a_model_learns_to_reverse(model: str, tmp_path: Path) -> None:
    learn("reverse", model, tmp_path, updates=250)


# Reversing takes both order and memory: a model that cannot copy or sort fails there, too, in nearly all cases.
@pytest.mark.exhaustive
@pytest.mark.parametrize("task", ["copy", "sort"])
@pytest.mark.parametrize("model", WRITING)
def test_a_model_learns_to_copy_and_to_sort(model: str, task: str, tmp_path: Path) -> None:
    learn(task, model, tmp_path)


def learn(task: str, model: str, tmp_path: Path, updates: int = 400) -> None:
    """Train on most of the words, and answer the others."""
    draw = random.Random(1)
    words = list(dict.fromkeys("".join(draw.choices("abcd", k=draw.randint(2, 5))) for _ in range(3000)))
    train, test = words[:-100], words[-100:]
    trained = unspool.train(
        table(tmp_path / "train.tsv", train, task),
        valid=table(tmp_path / "valid.tsv", train[:20], task),
        out=tmp_path / "run",
        model=model,
        settings=SIZES.get(model, RECURRENT)
        | TRAINING
        | {"training.max_updates": updates, "training.validate_every": updates},
    )
    figures = trained.evaluate(table(tmp_path / "test.tsv", test, task), beam=2)
    assert figures["exact_match"] >= 90, figures


@pytest.mark.parametrize("model", WRITING)
def test_a_model_learns_the_next_letter_of_a_word(model: str, tmp_path: Path) -> None:
    starts = {"hello"[:place]: "hello"[place] for place in range(1, 5)}
    path = tmp_path / "hello.tsv"
    path.write_text("".join(f"{start}\t{letter}\n" for start, letter in starts.items()))
    settings = SIZES.get(model, RECURRENT) | TRAINING | {"training.max_updates": 60, "training.averaging": 0.0}
    trained = unspool.train(path, valid=path, out=tmp_path / "run", model=model, settings=settings)
    assert [answer.text for answer in trained.predict(list(starts))] == list(starts.values())


def remembered(cell: str, tmp_path: Path) -> float:
    """How many percent of answers name the first of 31 letters, where everything must pass through the last state."""
    draw = random.Random(1)
    texts = [draw.choice("abcd") + "".join(draw.choices("efgh", k=30)) for _ in range(700)]
    for name, some in (("train.tsv", texts[:-100]), ("test.tsv", texts[-100:])):
        (tmp_path / name).write_text("".join(f"{text}\t{text[0]}\n" for text in some))
    pace = {"training.learning_rate": 4e-3, "training.max_updates": 800, "training.validate_every": 800}
    cells = {
        "model.encoder_cell": cell,
        "model.decoder_cell": cell,
        "model.encoder_layers": 1,
        "model.decoder_layers": 1,
    }
    trained = unspool.train(
        tmp_path / "train.tsv", valid=tmp_path / "test.tsv", out=tmp_path / "run", model="sutskever",
        settings=RECURRENT | TRAINING | pace | cells | {"model.reverse_source": False},
    )  # fmt: skip
    return float(trained.evaluate(tmp_path / "test.tsv")["exact_match"])


@pytest.mark.parametrize("cell", ["lstm", pytest.param("gru", marks=pytest.mark.exhaustive)])
def test_gates_remember_over_thirty_steps(cell: str, tmp_path: Path) -> None:
    assert remembered(cell, tmp_path) >= 95


def test_a_plain_recurrence_forgets_over_thirty_steps(tmp_path: Path) -> None:
    assert remembered("rnn", tmp_path) <= 75
