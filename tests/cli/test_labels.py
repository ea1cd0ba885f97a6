"""Labels from the command line: train, evaluate, predict and explain, for sequences, documents and items."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from keyboard import Shell

SETTINGS = {
    "training.max_updates": 120, "training.batch_symbols": 512, "training.learning_rate": 0.02,
    "training.warmup_updates": 5, "training.averaging": 0.8, "training.precision": "fp32",
}  # fmt: skip
SIZES = {
    "classifier": {"model.embedding_size": 8, "model.encoder_size": 16},
    "han": {"model.embedding_size": 8, "model.word_size": 16, "model.sentence_size": 16, "model.attention_size": 8},
    "tagger": {"model.embedding_size": 8, "model.encoder_size": 16},
}
GOOD, BAD = ["good", "fine", "최고", "nice"], ["bad", "poor", "별로", "worse"]
SAME = ["a", "film", "of", "some", "length."]


def reviews(draw: random.Random, count: int) -> list[tuple[str, str]]:
    """Texts of several sentences with one word that decides, and labels of two words."""
    rows = []
    for _ in range(count):
        words, label = draw.choice([(GOOD, "very good"), (BAD, "not good")])
        text = draw.choices(SAME, k=draw.randint(2, 9))
        text.insert(draw.randrange(len(text)), draw.choice(words))
        rows.append((" ".join(text), label))
    return rows


def words(draw: random.Random, count: int) -> list[tuple[str, str]]:
    """Sequences and, for each item, whether the next item is the same."""
    rows = []
    for _ in range(count):
        items = draw.choices("ab", k=draw.randint(1, 6))
        after = ["same" if i + 1 < len(items) and items[i + 1] == item else "other" for i, item in enumerate(items)]
        rows.append((" ".join(items), " ".join(after)))
    return rows


def train(shell: Shell, folder: Path, model: str, *more: str) -> Path:
    draw = random.Random(1)
    make = words if model == "tagger" else reviews
    for name, count in (("train", 300), ("dev", 40)):
        rows = [json.dumps({"text": text, "label": label, "id": 1}) for text, label in make(draw, count)]
        (folder / f"{name}.jsonl").write_text("\n".join(rows))
    chosen = [part for key, value in (SETTINGS | SIZES[model]).items() for part in ("--set", f"{key}={value}")]
    said = shell(
        "train", folder / "train.jsonl", "--valid", folder / "dev.jsonl", "--columns", "source=text,target=label",
        "--model", model, "--out", folder / "run", *chosen, *more,
    )  # fmt: skip
    assert said.code == 0, said.err
    return folder / "run"


@pytest.mark.parametrize("model", ["classifier", "han"])
def test_texts_get_their_label_and_figures_their_interval(model: str, shell: Shell, tmp_path: Path) -> None:
    run = train(shell, tmp_path, model, "--set", "data.source_tokenizer=words")
    said = shell("evaluate", run, tmp_path / "dev.jsonl", "--json", tmp_path / "figures.json")
    figures = json.loads((tmp_path / "figures.json").read_text())
    assert figures["accuracy"] >= 90 and figures["macro_f1_low"] <= figures["macro_f1"] <= figures["macro_f1_high"]
    assert figures["confusion"]["labels"] == ["not good", "very good"]
    assert sum(map(sum, figures["confusion"]["counts"])) == figures["n"]
    assert "accuracy" in said.out and "right label" in said.out
    best = shell("predict", run, "--beam", 5, "--n-best", 5, stdin="최고 film\n".encode())
    assert best.out == "very good\tnot good\n"


def test_a_documents_attention_is_over_sentences_and_their_words(shell: Shell, tmp_path: Path) -> None:
    run = train(shell, tmp_path, "han", "--set", "data.source_tokenizer=words", "--set", "data.max_sentence=3")
    said = shell("predict", run, "--json", stdin="a good film of some. 별로 length\n".encode())
    answer = json.loads(said.out)
    assert answer["sentences"] == [3, 2, 2] and len(answer["source_tokens"]) == 7
    (sentences,), (words,) = answer["hypotheses"][0]["attention"]
    assert sum(sentences) == pytest.approx(1, abs=1e-3)
    assert [sum(row) for row in words] == pytest.approx([1, 1, 1], abs=1e-3)
    told = shell("explain", run, "a good film.", "별로 length", "--out", tmp_path / "page.html")
    assert told.code == 0 and (tmp_path / "page.html").read_text(encoding="utf-8").count("<h2>") == 2
    assert shell("explain", run, "a film", "--out", tmp_path / "page.png").code == 2


def test_items_get_a_label_each(shell: Shell, tmp_path: Path) -> None:
    run = train(shell, tmp_path, "tagger")
    figures = tmp_path / "figures.json"
    assert shell("evaluate", run, tmp_path / "dev.jsonl", "--json", figures).code == 0
    assert json.loads(figures.read_text())["accuracy"] >= 90
    long = " ".join("ab" * 30)
    assert shell("predict", run, stdin=f"a a b\n{long}\n".encode()).out.split("\n")[:1] == ["same other other"]
    assert len(shell("predict", run, stdin=f"{long}\n".encode()).out.split()) == 60


def test_items_without_a_label_each_are_a_mistake_that_names_the_line(shell: Shell, tmp_path: Path) -> None:
    table = tmp_path / "train.tsv"
    table.write_text("a b\tx y\na b c\tx y\n")
    said = shell("train", table, "--valid", table, "--model", "tagger", "--out", tmp_path / "run")
    assert said.code == 2
    assert "3 symbols in the source, and 2 labels in the target" in said.lines[-2] and "Line 2" in said.lines[-2]


def test_a_label_is_one_column_and_read_whole(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "train.tsv").write_text("a b\tx y\nc\tx\n")
    given = ["--model", "classifier", "--out", tmp_path / "run", "--columns", "source=1,target=2:words"]
    said = shell("train", tmp_path / "train.tsv", *given)
    assert said.code == 2 and "writes one label" in said.lines[-2]


def test_a_label_that_the_other_run_never_saw_is_a_mistake(shell: Shell, tmp_path: Path) -> None:
    run = train(shell, tmp_path, "classifier", "--set", "data.source_tokenizer=words")
    (tmp_path / "more.tsv").write_text("good\tvery good\nfine\tvery new\n" * 4)
    said = shell(
        "train", tmp_path / "more.tsv", "--valid", tmp_path / "more.tsv", "--from", run, "--out", tmp_path / "b"
    )
    assert said.code == 2 and "the label 'very new'" in said.lines[-2]
