from __future__ import annotations

from pathlib import Path

import pytest

from unspool.config import DataConfig
from unspool.data.inputs import Files
from unspool.data.preparation import prepare
from unspool.data.prepared import Plan, Prepared
from unspool.errors import Mistake
from unspool.fields.registry import Fields
from unspool.types import Task

TEXT = "in the beginning\n" * 30


def prepare_text(files: Files, config: DataConfig, fields: Fields | None = None) -> Prepared:
    return prepare(files, Plan(Task("running_text", "running_text"), config, fields=fields))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "text.txt").write_text(TEXT, encoding="utf-8")
    return tmp_path / "text.txt"


def test_the_end_is_held_out_and_nothing_of_it_is_learned_from(file: Path) -> None:
    file.write_text(TEXT + "xyz", encoding="utf-8")
    prepared = prepare_text(Files((file,)), DataConfig(held_out=3 / 513, window=20))
    assert prepared.examples[0].references == ("xyz",) and len(prepared.examples) == 1
    assert prepared.fields.target.decode(prepared.corpus.targets.parts[0].values).text == TEXT
    assert "last 3 of 513" in prepared.messages[0] and "never saw: 3" in prepared.messages[1]


def test_both_sides_have_one_tokenizer(file: Path) -> None:
    prepared = prepare_text(Files((file,)), DataConfig())
    assert prepared.fields.source is prepared.fields.target and prepared.fields.target.column_kinds == ["chars"]


def test_a_validation_text_of_its_own_leaves_the_whole_text_to_learn_from(file: Path, tmp_path: Path) -> None:
    (tmp_path / "valid.txt").write_text("the end")
    prepared = prepare_text(Files((file,), (tmp_path / "valid.txt",)), DataConfig())
    assert len(prepared.corpus.targets.parts[0].values) == len(TEXT) and prepared.examples[0].references == ("the end",)
    assert prepared.messages[-1].startswith("Symbols of the validation text that training never saw: 1")


def test_given_fields_are_kept(file: Path) -> None:
    first = prepare_text(Files((file,)), DataConfig())
    file.write_text("ab" * 50)
    again = prepare_text(Files((file,)), DataConfig(), first.fields)
    assert again.fields is first.fields


@pytest.mark.parametrize("kind", ["bytes", "jamo"])
def test_another_tokenizer_that_loses_nothing_may_be_asked_for(file: Path, kind: str) -> None:
    assert prepare_text(Files((file,)), DataConfig(target_tokenizer=kind)).fields.source.column_kinds == [kind]


@pytest.mark.parametrize(
    "asked", [{"target_tokenizer": "words"}, {"source_tokenizer": "chars", "target_tokenizer": "bytes"}]
)
def test_what_would_lose_something_or_is_of_two_kinds_is_refused(file: Path, asked: dict[str, str]) -> None:
    with pytest.raises(Mistake, match="cannot be read as") as caught:
        prepare_text(Files((file,)), DataConfig(**asked))
    assert "chars|bytes|jamo" in caught.value.remedy


def test_parallel_files_are_refused(file: Path) -> None:
    with pytest.raises(Mistake, match="parallel files"):
        prepare_text(Files(aligned=(file, file)), DataConfig())
