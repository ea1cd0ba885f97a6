"""The recipe from start to end, with a writer and a reader that learn for a moment."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from screens import Watched
from unspool import writing
from unspool.data.drawings import read
from unspool.model import load
from unspool.recipes import handwriting
from unspool.recipes.registry import finished, recipe_of


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    quick = {"max_updates": 2, "batch_symbols": 512, "precision": "fp32"}
    sizes = {"size": 12, "layers": 2, "embedding_size": 8, "components": 2}
    monkeypatch.setitem(handwriting.WRITER, "model", handwriting.WRITER["model"] | sizes)
    monkeypatch.setitem(handwriting.WRITER, "training", quick)
    monkeypatch.setitem(handwriting.WRITER, "decoding", {"max_length": 30})
    narrow = {"embedding_size": 8, "encoder_size": 8, "decoder_size": 8}
    monkeypatch.setitem(handwriting.READS, "model", handwriting.READS["model"] | narrow)
    monkeypatch.setitem(handwriting.READS, "training", quick)
    monkeypatch.setattr(handwriting, "COUNTS", {"train": 24, "valid": 2, "test": 3})
    monkeypatch.setattr(handwriting, "CHARACTERS", (6, 10))
    monkeypatch.setattr(writing, "ATTEMPTS", 1)


def test_it_leaves_two_models_figures_a_sheet_and_what_it_showed(small: None, tmp_path: Path) -> None:
    out = tmp_path / "out"
    shown = recipe_of("handwriting")(out, None, Watched())
    figures = json.loads((out / "evaluation.json").read_text())
    assert figures["read_lines"] == 3
    assert {"nll", "character_error_rate", "written_character_error_rate"} <= figures.keys()
    assert f"{figures['nll']:.2f}" in shown and "unspool hand" not in shown.split("\n")[0]
    assert (out / "sample.svg").stat().st_size > 1000 and (out / "sample.png").stat().st_size > 1000
    assert load(out).config.model.name == "synthesis" and load(out / "reader").config.model.name == "luong"
    assert finished("handwriting", out) == shown


def test_no_line_is_in_two_files(small: None, tmp_path: Path) -> None:
    data = handwriting.write_ink(tmp_path, print)
    texts = [[line.text for line in read(path)] for path in data]
    assert [len(some) for some in texts] == [24, 2, 3]
    assert len({text for some in texts for text in some}) == 29
    before = [path.read_bytes() for path in data]
    assert [path.read_bytes() for path in handwriting.write_ink(tmp_path, print)] == before
