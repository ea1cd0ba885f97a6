"""`evaluate`: several models side by side, the file of errors, and data that a model was trained on."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from keyboard import Said, Shell

FOLDERS = Path(__file__).parents[1] / "folders" / "0.1.0"


def exported(name: str) -> Path:
    return FOLDERS / name / "exported"


@pytest.fixture
def few(tmp_path: Path) -> Path:
    path = tmp_path / "test.tsv"
    path.write_text("abc\tcba\nad\tda\nfe\tef\nbad\tdab\na\ta\nface\tecaf\n", encoding="utf-8")
    return path


def refused(said: Said, *words: str) -> None:
    assert said.code == 2 and len(said.lines) == 2 and all(word in said.err for word in words), said


def test_two_models_are_compared_with_a_paired_test(shell: Shell, few: Path, tmp_path: Path) -> None:
    said = shell("evaluate", exported("luong"), exported("gnmt"), few, "--json", tmp_path / "both.json")
    assert said.code == 0 and "paired" in said.out and "exact match" in said.out, said
    both = json.loads((tmp_path / "both.json").read_text())
    for name, figures in (("luong", both), ("gnmt", both["compared"][0])):
        assert shell("evaluate", exported(name), few, "--json", tmp_path / "one.json").code == 0
        alone = json.loads((tmp_path / "one.json").read_text())
        assert {key: figures[key] for key in alone if key != "seconds"} == {
            k: alone[k] for k in alone if k != "seconds"
        }
    test = both["compared"][0]["difference"]["symbol_error_rate"]
    assert test["difference"] == pytest.approx(
        both["compared"][0]["symbol_error_rate"] - both["symbol_error_rate"], abs=1e-3
    )
    assert test["interval"][0] <= test["difference"] <= test["interval"][1] and 0 < test["p"] <= 1


def test_against_is_one_more_model_beside_an_ensemble(shell: Shell, few: Path, tmp_path: Path) -> None:
    luong, alone = exported("luong"), tmp_path / "alone.json"
    said = shell("evaluate", "--ensemble", luong, luong, few, "--against", luong, "--json", alone)
    assert said.code == 0, said
    found = json.loads(alone.read_text())["compared"][0]["difference"]
    assert found["symbol_error_rate"]["difference"] == pytest.approx(0, abs=1e-9)


def test_models_that_read_other_columns_are_not_compared(shell: Shell, tmp_path: Path) -> None:
    table = tmp_path / "test.tsv"
    table.write_text("ab\tX;Y\tba\nab\tX\tab\n", encoding="utf-8")
    said = shell("evaluate", exported("luong"), exported("columns"), table)
    assert said.code == 2, said


def test_every_example_stands_in_the_file_of_errors(shell: Shell, few: Path, tmp_path: Path) -> None:
    said = shell("evaluate", exported("luong"), few, "--errors", tmp_path / "errors.jsonl")
    assert said.code == 0 and "by length" in said.out and "→" in said.out, said
    items = [json.loads(line) for line in (tmp_path / "errors.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [item["source"] for item in items] == ["abc", "ad", "fe", "bad", "a", "face"]
    for item in items:
        assert item["right"] == (item["answer"] in item["references"])
        edits, length = len(item["edits"]), len(item["references"][0])
        assert item["symbol_error_rate"] == pytest.approx(100 * edits / length, abs=1e-3)
    answers = shell("predict", exported("luong"), stdin="".join(f"{item['source']}\n" for item in items).encode()).out
    assert [item["answer"] for item in items] == answers.splitlines()


def test_the_file_may_be_a_table_or_a_page_of_which_nothing_runs(shell: Shell, tmp_path: Path) -> None:
    table = tmp_path / "test.tsv"
    table.write_text("abc\t<script>alert(1)</script>\nad\tda\n", encoding="utf-8")
    for name in ("errors.tsv", "errors.html"):
        assert shell("evaluate", exported("luong"), table, "--errors", tmp_path / name).code == 0
    head, *rows = (tmp_path / "errors.tsv").read_text(encoding="utf-8").splitlines()
    assert len(rows) == 2 and {row.count("\t") for row in rows} == {head.count("\t")}
    page = (tmp_path / "errors.html").read_text(encoding="utf-8")
    assert "&lt;script&gt;" in page and "<script" not in page and "Wrong answers: " in page


@pytest.mark.parametrize("name", ["errors.csv", "missing/errors.tsv", "."])
def test_a_file_that_could_not_be_written_is_refused_first(shell: Shell, few: Path, tmp_path: Path, name: str) -> None:
    refused(shell("evaluate", exported("luong"), few, "--errors", tmp_path / name), "another")


def test_errors_are_grouped_by_tag(shell: Shell, tmp_path: Path) -> None:
    rows = (FOLDERS / "columns.tsv").read_text(encoding="utf-8")
    (tmp_path / "test.tsv").write_text(rows, encoding="utf-8")
    said = shell("evaluate", exported("columns"), tmp_path / "test.tsv", "--errors", tmp_path / "e.tsv")
    assert said.code == 0 and "by tag" in said.out, said


def test_an_evaluation_on_the_training_data_says_so(shell: Shell, few: Path, tmp_path: Path) -> None:
    copied = tmp_path / "moved.tsv"
    shutil.copy(FOLDERS / "pairs.tsv", copied)
    for data, warned in ((FOLDERS / "pairs.tsv", True), (copied, True), (few, False)):
        said = shell("evaluate", exported("luong"), data)
        assert said.code == 0 and ("trained on this very data" in said.err) == warned, said


def test_labels_without_an_item_each_are_refused(shell: Shell, tmp_path: Path) -> None:
    table = tmp_path / "test.tsv"
    table.write_text("a b\tV C\na b a\tV C\n", encoding="utf-8")
    refused(shell("evaluate", exported("tagger"), table), "Line 2", "3 symbols", "2 labels")


def test_the_tokenizer_of_bleu_can_be_chosen(shell: Shell, few: Path, tmp_path: Path) -> None:
    options: list[Any] = ["--metric", "bleu", "--json", tmp_path / "figures.json"]
    for given, expected in (([], "tok:13a"), (["--bleu-tokenizer", "char"], "tok:char")):
        assert shell("evaluate", exported("luong"), few, *options, *given).code == 0
        assert expected in json.loads((tmp_path / "figures.json").read_text())["signature"]
    refused(shell("evaluate", exported("luong"), few, *options, "--bleu-tokenizer", "cha"), "char")
