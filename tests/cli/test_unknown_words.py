"""`predict --replace-unknown`: words of the source, or their translations, where the answer has an unknown one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import unspool
from documented import lay_out
from keyboard import TINY, Said, Shell
from unspool import folder as disk
from unspool.errors import Mistake
from unspool.fields.registry import Fields
from unspool.fields.text import TextField
from unspool.predictor import Predictor
from unspool.text.words import WordTokenizer
from unspool.types import EOS, UNK, Array, Question, Sequences, StepAnswer

SOURCE, TARGET = WordTokenizer.fit(["the house of"]), WordTokenizer.fit(["das haus von"])
DAS, HAUS, VON = (TARGET.encode(word)[0] for word in ("das", "haus", "von"))
# What is written in each step, and which word of the source has the most attention.
SCRIPT = [(DAS, 0), (UNK, 2), (UNK, 1), (VON, 0), (UNK, 3), (EOS, 0)]


class Scripted:
    """A stepper that writes the script whatever it reads; its cursor is how many steps are done."""

    distribution = None

    def __init__(self, *, attends: bool = True) -> None:
        self.attends = attends

    def open(self, source: Sequences[Array]) -> tuple[int, Array]:
        return 0, np.zeros(source.values.shape)

    def step(self, cursor: tuple[int, Array], question: Question) -> tuple[StepAnswer, tuple[int, Array]]:
        step, attention = cursor
        item, place = SCRIPT[step]
        attention = attention.copy()
        attention[:, place] = 1.0
        items = np.full((len(attention), 1), item)
        answer = StepAnswer(items, np.zeros(items.shape), attention=attention if self.attends else None)
        return answer, (step + 1, cursor[1])

    def select(self, cursor: tuple[int, Array], memories: Array, rows: Array, items: Array) -> tuple[int, Array]:
        return cursor[0], cursor[1][rows]

    def shared(self) -> tuple[Scripted, int]:
        return self, 1


def scripted(trained: Path, **how: bool) -> unspool.Model:
    fields = Fields(TextField(SOURCE), TextField(TARGET, ends=True))
    return unspool.Model(Predictor(*disk.read_run(trained), fields, Scripted(**how)))


def refused(said: Said, *words: str) -> None:
    assert said.code == 2 and len(said.lines) == 2 and all(word in said.err for word in words), said


def test_it_is_the_word_that_attention_weighs_most_and_spaces_stay_right(trained: Path, tmp_path: Path) -> None:
    model, lines = scripted(trained), ["the Zeppelin   of  Friedrichshafen"]
    ((plain,), (copied,)) = (model.predict(lines, **how)[0].hypotheses for how in ({}, {"replace_unknown": "source"}))
    assert plain.text == "das <unk> <unk> von <unk>"
    assert copied.text == "das of Zeppelin von Friedrichshafen" and copied.score == plain.score
    assert copied.tokens == ["das", "of", "Zeppelin", "von", "Friedrichshafen"]
    (tmp_path / "words.tsv").write_text("of\taus der\nZeppelin\tLuftschiff\n")
    for dictionary in (tmp_path / "words.tsv", {"of": "aus der", "Zeppelin": "Luftschiff"}):
        (translated,) = model.predict(lines, replace_unknown=dictionary)[0].hypotheses
        assert translated.text == "das aus der Luftschiff von Friedrichshafen"


def test_a_model_without_attention_cannot(shell: Shell, trained: Path, tmp_path: Path) -> None:
    with pytest.raises(Mistake, match="this model has none"):
        scripted(trained, attends=False).predict(["the house of it"], replace_unknown="source")
    lay_out(tmp_path)
    settings = dict(word.split("=") for word in TINY[1::2]) | {"training.max_updates": 1}
    unspool.train(tmp_path / "pairs.tsv", out=tmp_path / "blind", model="sutskever", settings=settings)
    said = shell("predict", tmp_path / "blind", "--beam", 1, "--replace-unknown", "source", stdin=b"bade\n")
    refused(said, "attention", "luong")


def test_a_dictionary_is_read_before_a_line_is_waited_for(shell: Shell, trained: Path, tmp_path: Path) -> None:
    refused(shell("predict", trained, "--replace-unknown", tmp_path / "nowhere"), "nowhere")
    (tmp_path / "words.tsv").write_text("one word\n")
    refused(shell("predict", trained, "--replace-unknown", tmp_path / "words.tsv"), "line 1", "tab")


def test_rare_words_come_through_a_trained_model_and_an_exported_one(shell: Shell, tmp_path: Path) -> None:
    random = np.random.default_rng(1)
    common = np.array(["ba", "ke", "lo", "mi"])
    rows = [[*random.choice(common, 2), f"rare{n}"] for n in range(400)]
    rows = [[str(word) for word in random.permutation(row)] for row in rows]
    lines = [f"{' '.join(row)}\t{' '.join(row).upper()}\n" for row in rows]
    (tmp_path / "train.tsv").write_text("".join(lines[:380]))
    kinds: dict[str, Any] = {"data.source_tokenizer": "words", "data.target_tokenizer": "words", "data.min_count": 2}
    settings = dict(word.split("=") for word in TINY[1::2]) | kinds | {"training.max_updates": 150}
    unspool.train(tmp_path / "train.tsv", out=tmp_path / "run", settings=settings)
    assert shell("export", tmp_path / "run", "--to", "onnx", "--out", tmp_path / "shipped").code == 0
    stdin = "".join(line.split("\t")[0] + "\n" for line in lines[380:]).encode()
    (tmp_path / "words.tsv").write_text("".join(f"rare{n}\tRARE{n}\n" for n in range(400)))
    for folder in (tmp_path / "run", tmp_path / "shipped"):
        plain = shell("predict", folder, "--json", stdin=stdin).out
        assert sum("<unk>" in json.loads(line)["hypotheses"][0]["tokens"] for line in plain.splitlines()) >= 15
        copied = shell("predict", folder, "--replace-unknown", "source", stdin=stdin).out
        assert "<unk>" not in copied and copied.count("rare") >= 15
        right = sum(a == b.split("\t")[1].strip() for a, b in zip(
            shell("predict", folder, "--replace-unknown", tmp_path / "words.tsv", stdin=stdin).out.splitlines(),
            lines[380:], strict=True))  # fmt: skip
        assert right >= 10
        (tmp_path / "test.tsv").write_text("".join(lines[380:]))
        words = ("--replace-unknown", tmp_path / "words.tsv", "--json", tmp_path / "figures.json")
        assert shell("evaluate", folder, tmp_path / "test.tsv", "--metric", "exact_match", *words).code == 0
        assert json.loads((tmp_path / "figures.json").read_text())["exact_match"] == pytest.approx(5 * right)
