"""The commands on a model of running text."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

import unspool
from keyboard import Said, Shell
from unspool.answers.answer import messages_of

TEXT = "".join(f"The {n} of {n + 1}.\n" for n in range(400))
SETTINGS = {
    "model.embedding_size": 8, "model.size": 16, "data.window": 32, "training.max_updates": 20,
    "training.precision": "fp32", "training.batch_symbols": 512,
}  # fmt: skip
SAMPLE = ("--sample", "--max-length", 30, "--prompt")


@pytest.fixture(scope="session")
def text_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("text")
    (folder / "text.txt").write_text(TEXT)
    unspool.train(folder / "text.txt", out=folder / "run", model="graves", settings=SETTINGS)
    return folder


@pytest.fixture
def text(text_once: Path, tmp_path: Path) -> Path:
    """A folder with text.txt and a model trained on it, `run`."""
    return Path(shutil.copytree(text_once, tmp_path / "text"))


def refused(said: Said, *words: str) -> None:
    assert said.code == 2 and len(said.lines) == 2 and all(word in said.err for word in words), said


def test_evaluate_counts_characters_and_says_bits(shell: Shell, text: Path) -> None:
    said = shell("evaluate", text / "run", text / "text.txt", "--json", text / "figures.json")
    figures = json.loads((text / "figures.json").read_text())
    assert figures["n"] == len(TEXT) and 0 < figures["bits_per_character"] < 8
    assert figures["bits_per_character_low"] <= figures["bits_per_character"] <= figures["bits_per_character_high"]
    assert said.out.startswith("characters") and "bits per character" in said.out
    assert "cut" not in said.err


def test_a_prompt_is_printed_with_how_it_goes_on(shell: Shell, text: Path) -> None:
    said = shell("predict", text / "run", *SAMPLE, "The 1")
    assert said.code == 0 and said.out.startswith("The 1") and len(said.out) > len("The 1\n")
    assert shell("predict", text / "run", *SAMPLE, "The 1").out == said.out
    assert shell("predict", text / "run", *SAMPLE, "The 1", "--seed", 2).out != said.out


def test_a_prompt_may_be_a_file_of_several_lines(shell: Shell, text: Path, tmp_path: Path) -> None:
    (tmp_path / "prompt.txt").write_text("The 1\nThe ", encoding="utf-8")
    sample = [*SAMPLE[:-1], "--prompt-file", tmp_path / "prompt.txt"]
    said = shell("predict", text / "run", *sample)
    assert said.code == 0 and said.out.startswith("The 1\nThe ")
    refused(shell("predict", text / "run", *sample, "--prompt", "The"), "--prompt-file")


def test_an_empty_prompt_is_a_text_from_nothing(shell: Shell, text: Path) -> None:
    assert shell("predict", text / "run", *SAMPLE, "").out.strip()


def test_several_samples_and_json(shell: Shell, text: Path) -> None:
    made = json.loads(shell("predict", text / "run", *SAMPLE, "Th", "--n-best", 3, "--json").out)
    assert made["source"] == "Th" and len(made["hypotheses"]) == 3
    said = shell("predict", text / "run", *SAMPLE, "Th", "--n-best", 3).out
    assert said == "\n\n".join("Th" + each["text"] for each in made["hypotheses"]) + "\n"


def test_lines_are_beginnings_too_and_an_empty_one_is_none(shell: Shell, text: Path) -> None:
    said = shell("predict", text / "run", "--max-length", 5, stdin=b"The 1\n\n")
    assert said.code == 0 and said.out.count("\n") == 2 and all(said.out.split("\n")[:2])


def test_of_a_long_beginning_the_end_counts(text: Path) -> None:
    model = unspool.load(text / "run")
    limit = model.config.data.max_source
    end = (TEXT * 3)[-limit:]
    (longer,), (shorter,) = (model.predict([text]) for text in ("x" + end, end))
    assert longer.text == shorter.text and longer.notes.cut and not shorter.notes.cut
    assert any("cut" in message for message in messages_of([longer.notes], limit))


def test_bits_do_not_depend_on_how_the_text_is_read(text: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from unspool.data import running_text

    whole = TEXT[:1500]
    (text / "some.txt").write_text(whole)
    model = unspool.load(text / "run")
    once = model.evaluate(text / "some.txt", resamples=0)
    monkeypatch.setattr(running_text, "PIECE", 400)
    pieces = model.evaluate(text / "some.txt", resamples=0)
    assert once["n"] == pieces["n"] == 1500
    assert pieces["bits_per_character"] == pytest.approx(once["bits_per_character"], abs=1e-3)


def test_what_a_model_of_text_cannot_do_is_said(shell: Shell, text: Path, trained: Path) -> None:
    refused(shell("predict", trained, "--prompt", "The"), "luong", "lines")
    refused(shell("predict", text / "run", text / "text.txt", "--prompt", "The"), "--prompt")
    refused(shell("evaluate", text / "run", text / "text.txt", "--metric", "bleu"), "bits_per_character")
    words = ("--model", "graves", "--out", text / "other", "--set", "training.metric=bleu")
    refused(shell("train", text / "text.txt", *words), "training.metric")


def test_describe_says_windows_and_pieces(shell: Shell, text: Path) -> None:
    said = shell("describe", text / "run").out
    assert "windows of text from text.txt" in said and "1 piece to validate on, by bits per character" in said


def test_nothing_is_smoothed_unless_asked(text: Path) -> None:
    assert unspool.load(text / "run").config.training.label_smoothing == 0.0
