"""The recipe from start to end, on a language with two rules, small enough for a test."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import pytest

from screens import Watched
from unspool.errors import Mistake
from unspool.model import load
from unspool.recipes import translation
from unspool.recipes.registry import finished, recipe_of
from unspool.recipes.translation_data import connected, divided

WHO, DOES, WHAT = (
    ("a man", "a woman", "the dog", "a child"),
    ("sees", "hears", "likes", "eats"),
    ("a cat", "some ice", "the sea"),
)
PAIRS = [
    (f"{a} {b} {c} .", f"{c} {a} {b} .")
    for a, b, c in itertools.product(WHO, DOES, [f"{c} {n}" for c in WHAT for n in "xyz"])
]


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = {"embedding_size": 8, "encoder_size": 8, "decoder_size": 8, "encoder_layers": 1}
    monkeypatch.setattr(translation, "SMALL", sizes)
    short: dict[str, Any] = {"max_updates": 4, "batch_symbols": 512}
    monkeypatch.setitem(translation.SETTINGS, "training", translation.SETTINGS["training"] | short)


def table(folder: Path) -> Path:
    path = folder / "pairs.tsv"
    rows = [*PAIRS, PAIRS[0], ("same .", "same .")]
    path.write_text("".join(f"{number}\t{source}\t{target}\n" for number, (source, target) in enumerate(rows)))
    return path


def test_it_leaves_a_trained_folder_figures_and_what_it_showed(small: None, tmp_path: Path):
    out, data, screen = tmp_path / "out", table(tmp_path), Watched()
    shown = recipe_of("translation", data, "source=2,target=3")(out, None, screen)
    figures = json.loads((out / "evaluation.json").read_text())
    assert {"bleu", "bleu_low", "chrf", "ter", "signature"} <= {*figures}
    assert f"{figures['bleu']:.1f}" in shown and "teach phrases" in shown and "|tok:13a|" in shown
    assert (out / "attention.png").read_bytes().startswith(b"\x89PNG")
    assert any(message.startswith("Cleaning left out") for message in screen.told)
    assert load(out).metadata.left_out and finished("translation", out) == shown
    assert load(out).predict([PAIRS[0][0]])[0].hypotheses


def test_columns_go_with_data_and_with_recipes_that_read_them(tmp_path: Path):
    for name, data in (("translation", None), ("language_model", tmp_path)):
        with pytest.raises(Mistake, match="reads no columns here"):
            recipe_of(name, data, "source=2,target=1")


def test_too_few_pairs_are_a_mistake(small: None, tmp_path: Path):
    (tmp_path / "few.tsv").write_text("eins\tone\nzwei\ttwo\n")
    with pytest.raises(Mistake, match="at least 100 are needed"):
        recipe_of("translation", tmp_path / "few.tsv")(tmp_path / "out", None, Watched())


def test_pairs_that_share_a_side_are_connected():
    pairs = [("a", "x"), ("b", "y"), ("c", "X"), ("b", "x"), ("d", "z")]
    assert connected(pairs) == [0, 0, 0, 0, 4]


def test_no_sentence_of_either_side_is_in_two_parts():
    pairs = [(f"source {number // 2}", f"target {number // 3}") for number in range(60)]
    pairs += [(f"s {number}", f"t {number}") for number in range(400)]
    parts = divided(pairs)
    assert sorted(itertools.chain(*parts)) == sorted(pairs)
    for one, other in itertools.combinations(parts, 2):
        for side in (0, 1):
            assert not {pair[side] for pair in one} & {pair[side] for pair in other}
    assert len(parts[1]) >= 23 and len(parts[2]) >= 23
