from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

import unspool
from unspool.card import is_ours, licence_of, measurements_of, signed, write_card

RELEASED = Path(__file__).parent / "folders" / "0.1.0" / "luong"
TINY = {"model.embedding_size": 4, "model.encoder_size": 4, "model.decoder_size": 4, "training.max_updates": 4}


def test_every_run_writes_its_card_with_its_figures(tmp_path: Path) -> None:
    pairs = [(f"{first}{second}", f"{second}{first}") for first in "abcdefgh" for second in "abcdefgh"]
    unspool.train(pairs, out=tmp_path / "run", settings=TINY, progress=False)
    card = (tmp_path / "run" / "README.md").read_text(encoding="utf-8")
    [measured] = measurements_of(tmp_path / "run")
    assert is_ours(card) and f"value: {measured.figures['exact_match']}" in card
    assert "| validation data | exact match |" in card and 'license: "unknown"' in card
    (tmp_path / "run" / "README.md").write_text("# mine\n")
    unspool.train(pairs, out=tmp_path / "run", settings=TINY, progress=False, overwrite=True)
    assert (tmp_path / "run" / "README.md").read_text() == "# mine\n"


def test_a_recipes_figures_are_in_it_with_their_intervals(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(RELEASED / "trained", tmp_path / "g2p"))
    figures = {"n": 9, "exact_match": 77.4, "exact_match_low": 75.6, "exact_match_high": 79.1}
    (folder / "evaluation.json").write_text(json.dumps(figures))
    (folder / "metrics.jsonl").write_text('{"kind": "final", damaged')
    assert write_card(folder, "mit")
    card = (folder / "README.md").read_text(encoding="utf-8")
    assert "| held-out data | exact match | 77.40 | 75.60 to 79.10 |" in card and licence_of(card) == "mit"
    assert write_card(folder) and licence_of((folder / "README.md").read_text(encoding="utf-8")) == "mit"


@pytest.mark.parametrize("change", ["x", "", "\n\n<!-- written by unspool 0123456789abcdef -->\n"])
def test_a_card_that_was_changed_is_not_ours(change: str) -> None:
    text = signed("# card\n")
    assert is_ours(text) and not is_ours(text.replace("card", f"card{change or ' '}")) and not is_ours(change)


def test_names_in_it_bring_no_markup_to_life(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(RELEASED / "trained", tmp_path / "a"))
    run = json.loads((folder / "run.json").read_text())
    run["facts"]["files"]["data"] = ["<script>alert(1)</script>|.tsv\n---"]
    (folder / "run.json").write_text(json.dumps(run))
    assert write_card(folder)
    card = (folder / "README.md").read_text(encoding="utf-8")
    assert "<script>" not in card and card.count("\n---\n") == 1
