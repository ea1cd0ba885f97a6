"""The recipe from start to end, on a text small enough for a test."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from screens import Watched
from unspool import folder as disk
from unspool.errors import Mistake
from unspool.model import load
from unspool.recipes import language_model
from unspool.recipes.registry import finished, recipe_of

TEXT = "".join(f"def number_{n}():\n    return {n}\n\n" for n in range(100))


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = {"embedding_size": 8, "size": 16}
    monkeypatch.setitem(language_model.SETTINGS, "model", language_model.SETTINGS["model"] | sizes)
    monkeypatch.setitem(language_model.SETTINGS, "training", {"max_updates": 10, "batch_symbols": 1024})


def perform(out: Path, data: Path | None = None, minutes: float | None = None, screen: Watched | None = None) -> str:
    return recipe_of("language_model", data)(out, minutes, screen or Watched())


def test_it_leaves_a_trained_folder_figures_and_what_it_showed(small: None, tmp_path: Path) -> None:
    (tmp_path / "text.txt").write_text(TEXT)
    out = tmp_path / "out"
    shown = perform(out, tmp_path / "text.txt")
    figures = json.loads((out / "evaluation.json").read_text())
    assert figures["n"] == round(0.05 * len(TEXT))
    assert f"{figures['bits_per_character']:.2f} bits a character" in shown and "--prompt" in shown
    assert load(out).predict(["def "])[0].hypotheses
    assert finished("language_model", out) == shown
    assert perform(out, tmp_path / "text.txt") == shown, "a finished run is measured again, and is the same"


def test_measuring_is_counted_to_its_end_when_the_bar_of_training_is_down(small: None, tmp_path: Path) -> None:
    (tmp_path / "text.txt").write_text(TEXT)
    screen = Watched()
    perform(tmp_path / "out", tmp_path / "text.txt", screen=screen)
    assert screen.seen == ["training begins", "training ends", "counting begins", "counting ends"]
    assert screen.total == screen.counted > 0 and screen.reports > 0


def test_minutes_are_those_of_the_whole_training_also_where_it_goes_on(
    small: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(language_model.SETTINGS, "training", {"batch_symbols": 1024})
    text, out = tmp_path / "text.txt", tmp_path / "out"
    text.write_text(TEXT)
    shown = perform(out, text, 0.01)
    updates = len((out / "metrics.jsonl").read_text().splitlines())
    assert finished("language_model", out, minutes=0.01) == finished("language_model", out) == shown
    assert finished("language_model", out, minutes=0.06) is None
    perform(out, text, 0.06)
    assert len((out / "metrics.jsonl").read_text().splitlines()) > updates
    assert disk.read_run(out)[0].training.max_minutes == 0.06
    with pytest.raises(Mistake, match="cannot learn for"):
        perform(out, text, -1.0)


def test_what_is_gone_on_with_is_not_shown_as_finished(small: None, tmp_path: Path) -> None:
    text, out = tmp_path / "text.txt", tmp_path / "out"
    text.write_text(TEXT)
    perform(out, text)
    with pytest.raises(KeyboardInterrupt):
        perform(out, text, screen=Watched(stop_counting=True))
    assert finished("language_model", out) is None


def test_a_folder_of_another_recipe_or_of_another_text_is_not_shown_for_this_one(small: None, tmp_path: Path) -> None:
    text, other, out = tmp_path / "text.txt", tmp_path / "other.txt", tmp_path / "out"
    text.write_text(TEXT)
    other.write_text(TEXT[:-1])
    shown = perform(out, text)
    text.rename(tmp_path / "moved.txt")
    assert finished("language_model", out, tmp_path / "moved.txt") == finished("language_model", out) == shown
    for name, data in (("language_model", other), ("g2p", None)):
        with pytest.raises(Mistake, match="another recipe, or other data"):
            finished(name, out, data)
    with pytest.raises(Mistake, match="another recipe, or other data"):
        perform(out, other)


def test_a_text_with_one_character_held_out_says_so_in_the_singular(small: None, tmp_path: Path) -> None:
    said: list[str] = []
    (tmp_path / "text.txt").write_text("hello world\n")
    language_model.write_texts(tmp_path / "data", tmp_path / "text.txt", said.append)
    assert said == [f"12 characters of {tmp_path / 'text.txt'}; the last one is held out for the metrics at the end."]


def test_the_three_parts_are_the_whole_text_in_order(small: None, tmp_path: Path) -> None:
    (tmp_path / "text.txt").write_text(TEXT)
    parts = language_model.write_texts(tmp_path / "data", tmp_path / "text.txt", lambda message: None)
    texts = [part.read_text() for part in parts]
    assert "".join(texts) == TEXT
    assert [round(len(text) / len(TEXT), 2) for text in texts] == [0.9, 0.05, 0.05]


def test_pythons_own_source_is_the_same_each_time_and_not_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language_model, "MOST", 100_000)
    text = language_model.python_source()
    assert len(text) == 100_000 and text == language_model.python_source() and "\ndef " in text


def test_a_recipe_without_data_of_ones_own_says_so(tmp_path: Path) -> None:
    with pytest.raises(Mistake, match="handwriting has its own data"):
        recipe_of("handwriting", tmp_path / "text.txt")
