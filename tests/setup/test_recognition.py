"""Labels and tags are recognised: the model and the columns that fit are taken or proposed, and it is said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from keyboard import TINY, Shell
from unspool import folder as disk
from unspool.config import resolve
from unspool.data.inputs import Files
from unspool.setup.recognition import with_model


@pytest.fixture
def reviews(tmp_path: Path) -> Files:
    """Two labels, all of the first before all of the second, as in sorted files."""
    path = tmp_path / "reviews.tsv"
    rows = [f"review {number}\t{label}\n" for label in ("good", "bad") for number in range(60)]
    path.write_text("".join(rows), encoding="utf-8")
    return Files((path,))


def name_of(values: dict[str, Any]) -> str:
    return resolve(values).model.name


def test_a_target_of_few_repeated_values_takes_the_classifier_and_says_so(reviews: Files) -> None:
    values, messages = with_model({"training": {"epochs": 2}}, reviews)
    assert name_of(values) == "classifier" and values["training"] == {"epochs": 2}
    assert len(messages) == 1 and "2 different values (good, bad)" in messages[0] and "classifier" in messages[0]


@pytest.fixture
def films(tmp_path: Path) -> Files:
    """Two labels of texts of several words."""
    path = tmp_path / "films.tsv"
    rows = [f"정말 {number} 번 본 영화\t{label}\n" for label in ("good", "bad") for number in range(60)]
    path.write_text("".join(rows), encoding="utf-8")
    return Files((path,))


def test_texts_of_several_words_take_the_model_of_documents_unless_settings_are_the_classifiers(films: Files) -> None:
    values, messages = with_model({}, films)
    assert name_of(values) == "han" and "the model is han, since texts have several words" in messages[0]
    assert name_of(with_model({"model": {"dropout": 0.4}}, films)[0]) == "han"
    assert name_of(with_model({"model": {"summary": "max"}}, films)[0]) == "classifier"


@pytest.mark.parametrize("model", ["luong", {"name": "transformer", "size": 32}])
def test_a_model_that_is_named_is_kept_and_the_classifier_proposed(model: Any, reviews: Files) -> None:
    values, messages = with_model({"model": model}, reviews)
    assert values == {"model": model} and "--model classifier" in messages[0]


@pytest.mark.parametrize(
    "values",
    [
        {"model": "han"}, {"model": {"name": "classifier"}}, {"model": "no model"}, {"model": {"decoder_size": 32}},
        {"data": {"columns": "source=1,target=2:chars"}}, {"data": {"target_tokenizer": "words"}},
        {"data": {"columns": "source=1,target=2+1"}},
    ],
)  # fmt: skip
def test_what_is_said_about_the_target_or_the_model_is_kept_in_silence(values: dict[str, Any], reviews: Files) -> None:
    assert with_model(values, reviews) == (values, [])


@pytest.mark.parametrize("values", [{"model": {"size": 32}}, {"data": {"columns": "source=1,target=2:label"}}])
def test_and_what_fits_a_classifier_is_kept_with_it(values: dict[str, Any], reviews: Files) -> None:
    assert name_of(with_model(values, reviews)[0]) == "classifier"


def test_pairs_are_not_labels(pairs: Path) -> None:
    assert with_model({}, Files((pairs,))) == ({}, [])


@pytest.mark.parametrize("rows", [["same"] * 60, ["a", "b", "c"] * 10], ids=["one value", "few uses"])
def test_a_constant_and_a_small_table_are_not_labels(rows: list[str], tmp_path: Path) -> None:
    path = tmp_path / "rows.tsv"
    path.write_text("".join(f"text {number}\t{target}\n" for number, target in enumerate(rows)))
    assert with_model({}, Files((path,))) == ({}, [])


def test_labels_are_trained_without_a_model_named(reviews: Files, tmp_path: Path, shell: Shell) -> None:
    settings = [word for word in TINY if "decoder" not in word and word != "--set"]
    settings[2] = "training.max_updates=3"
    said = shell("train", *reviews.data, "--out", tmp_path / "run", *(f"--set={word}" for word in settings))
    assert said.code == 0 and "so the model is a classifier" in said.err
    config, metadata = disk.read_run(tmp_path / "run")
    assert config.model.name == "classifier" and metadata.metric == "accuracy"


SIGMORPHON = ["gehen\tV;PST;1;SG\tging", "Haus\tN;NOM;PL\tHäuser", "Buch\tN;DAT;PL\tBüchern"]


@pytest.mark.parametrize(
    ("order", "line"),
    [
        ((0, 1, 2), "'source=1:chars+2:tags,target=3:chars'"),
        ((0, 2, 1), "'source=1:chars+3:tags,target=2:chars'"),
    ],
)
@pytest.mark.parametrize("command", ["train", "describe"])
def test_three_columns_with_tags_propose_the_line_that_fits(
    command: str, order: tuple[int, ...], line: str, tmp_path: Path, shell: Shell
) -> None:
    path = tmp_path / "forms.tsv"
    path.write_text("".join("\t".join(row.split("\t")[i] for i in order) + "\n" for row in SIGMORPHON))
    said = shell(command, path, *["--out", tmp_path / "run"] * (command == "train"))
    assert said.code == 2 and f"--columns {line}" in said.err
    columns = line.strip("'").replace(":chars", "").replace(":tags", "")
    read = shell("describe", path, "--columns", columns)
    assert "tags: bundles of tags" in read.out


def test_describe_proposes_the_classifier(reviews: Files, shell: Shell) -> None:
    assert "--model classifier" in shell("describe", *reviews.data).out
