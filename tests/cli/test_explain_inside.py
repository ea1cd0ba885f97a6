"""`unspool explain --what heads`, `gates` and `states`: what happens inside a network."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

import unspool
from keyboard import Shell
from unspool.ink.hershey import Hand, written

MODELS = Path(__file__).parents[1] / "folders" / "0.1.0"


@pytest.mark.parametrize("what", ["heads", "gates", "states"])
def test_numbers_of_every_layer(what: str, shell: Shell, trained: Path, tmp_path: Path) -> None:
    out = tmp_path / "inside.json"
    said = shell("explain", trained, "bade", "cafe", "--what", what, "--out", out)
    found = json.loads(out.read_text(encoding="utf-8"))
    assert said.code == 0 and said.out.split() == [one["text"] for one in found] and len(found) == 2
    assert found[0][what] and found[0]["source_tokens"] == list("bade")


@pytest.mark.parametrize("what", ["heads", "gates", "states"])
@pytest.mark.parametrize("ending", ["html", "png"])
def test_pages_and_pictures(what: str, ending: str, shell: Shell, trained: Path, tmp_path: Path) -> None:
    out = tmp_path / f"out.{ending}"
    said = shell("explain", trained, "<b>ad", "--what", what, "--answer", "ab", "--out", out)
    assert said.code == 0 and said.out.strip() == "ab" and b"<b>ad" not in out.read_bytes()


def test_a_picture_shows_one_source(shell: Shell, trained: Path, tmp_path: Path) -> None:
    said = shell("explain", trained, "a", "b", "--what", "states", "--out", tmp_path / "out.png")
    assert said.code == 2 and "one source" in said.err


def test_options_of_another_explanation(shell: Shell, trained: Path, tmp_path: Path) -> None:
    said = shell("explain", trained, "a", "--what", "gates", "--instead", "b", "--out", tmp_path / "out.html")
    assert said.code == 2 and "--what influence" in said.err


def test_a_search_of_any_beam(shell: Shell, trained: Path, tmp_path: Path) -> None:
    out = tmp_path / "search.json"
    said = shell("explain", trained, "bade", "--what", "search", "--beam", "2", "--out", out)
    (found,) = json.loads(out.read_text(encoding="utf-8"))
    assert said.code == 0 and said.out.strip() == found["text"] and len(found["hypotheses"]) == 2
    none = shell("explain", trained, "bade", "--what", "search", "--beam", "0", "--out", out)
    assert none.code == 2


def test_neighbours_need_the_training_data(shell: Shell, trained: Path, pairs: Path, tmp_path: Path) -> None:
    asked = ("explain", trained, "bade", "--what", "neighbours", "--out", tmp_path / "neighbours.html")
    without = shell(*asked)
    assert without.code == 2 and "--among" in without.err
    said = shell(*asked, "--among", pairs)
    assert said.code == 0 and (tmp_path / "neighbours.html").exists()
    missing = shell(*asked, "--among", tmp_path / "missing.tsv")
    assert missing.code == 2 and "missing.tsv" in missing.err


def test_everything_on_one_page(shell: Shell, trained: Path, exported: Path, tmp_path: Path) -> None:
    asked = ("--what", "all", "--by", "gradient", "--beam", "2", "--out")
    said = shell("explain", trained, "bade", *asked, tmp_path / "all.json")
    (found,) = json.loads((tmp_path / "all.json").read_text(encoding="utf-8"))
    assert said.code == 0 and found.keys() == {"influence", "heads", "states", "gates", "search"}
    assert found["influence"]["method"] == "gradient" and len(found["search"]["hypotheses"]) == 2
    assert shell("explain", trained, "bade", *asked, tmp_path / "all.html").code == 0
    page = (tmp_path / "all.html").read_text(encoding="utf-8")
    assert "Gates over time" in page and "시간에 따른 게이트" in page and "figure.tree" in page
    picture = shell("explain", trained, "bade", *asked, tmp_path / "all.png")
    assert picture.code == 2 and ".html or .json" in picture.err
    without = shell("explain", exported, "bade", *asked, tmp_path / "no.html")
    assert without.code == 2 and "trained folder" in without.err and not (tmp_path / "no.html").exists()


def test_an_export_shows_its_search(shell: Shell, exported: Path, tmp_path: Path) -> None:
    said = shell("explain", exported, "bade", "--what", "search", "--out", tmp_path / "search.html")
    assert said.code == 0 and (tmp_path / "search.html").exists()


@pytest.mark.parametrize(
    ("what", "begins"),
    [
        ("heads", "The attention of every layer and head is seen in"),
        ("gates", "Gates are seen in"),
        ("states", "Hidden states are seen in"),
        ("neighbours", "Neighbours are found by the states in"),
        ("influence", "What a network depends on is found in"),
    ],
)
def test_what_an_export_cannot_show_is_said_in_its_own_words(
    what: str, begins: str, shell: Shell, exported: Path, pairs: Path, tmp_path: Path
) -> None:
    among = ["--among", pairs] if what == "neighbours" else []
    said = shell("explain", exported, "bade", "--what", what, *among, "--out", tmp_path / "no.html")
    assert said.code == 2 and not (tmp_path / "no.html").exists()
    assert f"{begins} the network itself, and this is an export or an ensemble.\n" in said.err


@pytest.fixture(scope="module")
def writer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that writes ink."""
    draw, out = np.random.default_rng(1), tmp_path_factory.mktemp("explained") / "writer"
    lines = [(text, written(text, Hand("futural"), draw).points) for text in ("hello", "world")]
    settings = {"model.size": 8, "model.layers": 1, "model.components": 2, "training.max_updates": 1,
                "decoding.max_length": 20}  # fmt: skip
    unspool.train(lines, valid=lines, model="synthesis", out=out, settings=settings, progress=False)
    return out


@pytest.mark.parametrize("what", ["attention", "heads", "gates", "states", "influence", "memory", "all"])
def test_a_model_that_writes_ink(what: str, shell: Shell, writer: Path, tmp_path: Path) -> None:
    said = shell("explain", writer, "hello", "--what", what, "--out", tmp_path / "out.html")
    assert said.code == 0 and (tmp_path / "out.html").exists(), said.err


def test_a_model_that_writes_ink_has_no_search(shell: Shell, writer: Path, tmp_path: Path) -> None:
    said = shell("explain", writer, "hello", "--what", "search", "--out", tmp_path / "out.html")
    assert said.code == 2 and "a search is over symbols" in said.err and "--beam" not in said.err


@pytest.mark.parametrize("what", ["states", "influence", "memory", "all"])
def test_sequences_of_a_file(what: str, shell: Shell, tmp_path: Path) -> None:
    model, lines = MODELS / "values" / "trained", MODELS / "lines.npz"
    said = shell("explain", model, lines, "--what", what, "--out", tmp_path / "out.json")
    assert said.code == 0 and "The first 3 sequences of" in said.err, said.err
    assert json.loads((tmp_path / "out.json").read_text())


@pytest.mark.parametrize("what", ["gates", "influence", "search", "all"])
def test_symbols_that_training_never_saw_are_said(what: str, shell: Shell, trained: Path, tmp_path: Path) -> None:
    said = shell("explain", trained, "baQde", "--what", what, "--out", tmp_path / "out.json")
    assert said.code == 0 and "1 symbol that training never saw (Q)" in said.err


def test_unknown_symbols_of_another_answer_are_said_and_an_unknown_label_is_refused(
    shell: Shell, trained: Path, tmp_path: Path
) -> None:
    asked = ("--what", "influence", "--out", tmp_path / "out.json")
    said = shell("explain", trained, "bade", "--answer", "aQ", *asked)
    assert said.code == 0 and "never saw (Q)" in said.err
    refused = shell("explain", MODELS / "classifier" / "trained", "abc", "--instead", "evn", *asked)
    assert refused.code == 2 and "no label 'evn'" in refused.err and "even" in refused.err


def test_an_answer_of_a_lexicon_is_not_what_is_explained(shell: Shell, tmp_path: Path) -> None:
    model = Path(shutil.copytree(MODELS / "luong" / "trained", tmp_path / "mine"))
    (model / "lexicon.tsv").write_text("abc\tdada\n")
    for what in ("attention", "states"):
        said = shell("explain", model, "abc", "--what", what, "--out", tmp_path / "out.html")
        assert said.code == 0 and "predict answers 'dada' to 'abc' from the lexicon" in said.err
