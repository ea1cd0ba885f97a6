"""The recipe from start to end, on dialogues small enough for a test."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from screens import Watched
from unspool import folder as disk
from unspool.chat.relevance import read_relevance
from unspool.errors import MissingExtra, Mistake
from unspool.model import load
from unspool.recipes import chatbot
from unspool.recipes.registry import finished


def dialogues(count: int = 800) -> str:
    draw = random.Random(5)
    words = [draw.choice("bdkm") + draw.choice("aeio") + draw.choice("lnr") for _ in range(60)]
    rows = {" ".join(draw.choices(words, k=3)) for _ in range(count)}
    return "Q,A,label\n" + "".join(f"{row},{row.split()[1]} {row.split()[0]},0\n" for row in sorted(rows))


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = {"embedding_size": 8, "encoder_size": 16, "decoder_size": 16, "encoder_layers": 1}
    monkeypatch.setitem(chatbot.SETTINGS, "model", chatbot.SETTINGS["model"] | sizes)
    monkeypatch.setitem(chatbot.SETTINGS, "data", {"source_tokenizer": "words", "target_tokenizer": "words"})
    monkeypatch.setitem(chatbot.SETTINGS, "training", {"max_updates": 8, "batch_symbols": 1024})
    monkeypatch.setattr(chatbot, "COMPARED", 20)
    monkeypatch.setattr(chatbot, "HELD_OUT", 0.15)


def test_it_leaves_two_models_figures_and_what_it_showed(small: None, tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text(dialogues())
    out, screen = tmp_path / "out", Watched()
    shown = chatbot.run(out, None, screen, tmp_path / "own.csv")
    figures = json.loads((out / "evaluation.json").read_text())
    assert f"{figures['bits_per_character']:.2f} bits a character" in shown and "chat" in shown.splitlines()[-1]
    assert {"distinct_2", "repetition", "distinct_2_reranked", "repetition_sampled_no_repeat"} <= set(figures)
    assert load(out).config.chat.turns == 1, "tables have no conversations"
    assert load(out / disk.REVERSE).predict(["bal bal"])[0].hypotheses and read_relevance(out) is not None
    assert finished("chatbot", out) == shown


def test_few_lines_are_enough_for_the_rest(small: None, tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text(dialogues(200))
    screen = Watched()
    chatbot.run(tmp_path / "out", None, screen, tmp_path / "own.csv")
    assert any("nothing to say is not known" in line for line in screen.told)
    assert read_relevance(tmp_path / "out") is None


def test_no_reply_is_in_two_parts_and_conversations_give_several_lines(tmp_path: Path) -> None:
    lines = [line.split(",")[0] for line in dialogues().splitlines()[1:]]
    talks = ["\n".join(lines[begin : begin + 4]) for begin in range(0, len(lines), 4)]
    (tmp_path / "own.txt").write_text("\n\n".join(talks))
    _, _, turns = chatbot.write_tables(tmp_path, tmp_path / "own.txt", lambda message: None)
    parts = {name: (tmp_path / f"{name}.tsv").read_text().splitlines() for name in ("train", "valid", "test")}
    replies = {name: {row.split("\t")[1] for row in rows} for name, rows in parts.items()}
    assert sum(map(len, replies.values())) == len(set().union(*replies.values()))
    assert turns == 3 and max(row.count("␞") for row in parts["train"]) == 2


def test_too_little_is_refused(tmp_path: Path) -> None:
    (tmp_path / "own.tsv").write_text("hi\thello\n")
    with pytest.raises(Mistake, match="too few"):
        chatbot.write_tables(tmp_path, tmp_path / "own.tsv", lambda message: None)


def test_the_dialogues_of_the_package_are_read() -> None:
    pytest.importorskip("chatterbot_corpus")
    talks = chatbot.chatterbot()
    assert len(talks) > 1000 and max(map(len, talks)) > 4
    assert all(isinstance(line, str) for lines in talks for line in lines)


def test_without_them_the_line_that_installs_them_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "chatterbot_corpus.corpus", None)
    with pytest.raises(MissingExtra, match=r"pip install 'unspool\[recipes\]'"):
        chatbot.chatterbot()
