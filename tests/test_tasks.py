"""What a model reads and writes of the data at hand, and what is said where they do not fit."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from unspool.config import resolve
from unspool.data.drawings import write_drawings
from unspool.data.inputs import Files
from unspool.errors import Mistake
from unspool.models.registry import entry_of, models
from unspool.tasks import example_dimensions, fits, sizes_of, task_of
from unspool.types import Dimensions, Ink, Labels, Sentences, Symbols, Task, Values


def task(name: str, *paths: Path, columns: str | None = None) -> Task:
    return task_of(resolve({"model": name, "data": {"columns": columns}}), Files(paths))


@pytest.fixture
def arrays(tmp_path: Path) -> Path:
    np.savez(tmp_path / "a.npz", values=np.zeros((3, 2)), lengths=np.array([3]), targets=np.array(["x"]))
    return tmp_path / "a.npz"


@pytest.fixture
def series(tmp_path: Path) -> Path:
    sides = {"values": np.zeros((3, 2)), "lengths": np.array([3])}
    np.savez(tmp_path / "s.npz", **sides, **{f"target_{name}": side for name, side in sides.items()})
    return tmp_path / "s.npz"


@pytest.mark.parametrize("name", [name for name, entry in models().items() if "ink" not in entry.task])
def test_of_a_table_a_model_reads_and_writes_what_is_usual(name: str) -> None:
    assert task(name, Path("pairs.tsv")) == entry_of(name).task


def test_of_arrays_real_values_are_read_and_written_where_the_file_has_them(arrays: Path, series: Path) -> None:
    assert task("luong", arrays) == ("values", "text")
    assert task("classifier", arrays) == ("values", "label")
    assert task("luong", series) == ("values", "values")


@pytest.mark.parametrize(
    ("name", "said"), [("han", "a han reads document and writes label"), ("graves", "a graves reads running_text")]
)
def test_a_model_that_does_not_fit_names_those_that_do(name: str, said: str, arrays: Path) -> None:
    with pytest.raises(Mistake, match=said) as caught:
        task(name, arrays)
    assert caught.value.what.startswith("The data has real values as source and text as target")
    others = caught.value.remedy.partition(":")[2].partition(".")[0].split(", ")
    known = [other for other, entry in models().items() if "values" in entry.reads and entry.writes != ("values",)]
    assert [other.strip() for other in others] == known


def test_of_drawings_a_model_writes_texts_or_reads_them_or_goes_on(arrays: Path, series: Path, tmp_path: Path) -> None:
    write_drawings(tmp_path / "ink.npz", [np.zeros((2, 3))], ["a"])
    for name, known in (("synthesis", ("text", "ink")), ("graves", ("ink", "ink")), ("luong", ("ink", "text"))):
        assert task(name, tmp_path / "ink.npz") == known
    assert task("classifier", tmp_path / "ink.npz") == ("ink", "label")
    for name, path in (("han", tmp_path / "ink.npz"), ("graves", series), ("synthesis", arrays), ("synthesis", series)):
        with pytest.raises(Mistake, match="Models that fit"):
            task(name, path)
    with pytest.raises(Mistake, match="Ink and other data"):
        task("luong", tmp_path / "ink.npz", arrays)


def test_columns_may_ask_for_a_kind_of_field_that_has_to_fit() -> None:
    assert task("han", Path("a.tsv"), columns="source=1:document,target=2:label").source == "document"
    with pytest.raises(Mistake, match=r"document as source and text as target.* Models that fit: "):
        task("luong", Path("a.tsv"), columns="source=1:document,target=2")


def test_kinds_of_field_fit_where_a_network_needs_to_know_the_same_of_them() -> None:
    assert fits(entry_of("luong"), Task("text", "values"))
    assert not fits(entry_of("luong"), Task("running_text", "text"))
    assert not fits(entry_of("luong"), Task("text", "label"))


@pytest.mark.parametrize("name", models())
def test_sizes_of_an_example_are_those_that_run_json_keeps(name: str) -> None:
    dimensions = example_dimensions(name)
    assert isinstance(dimensions.source, Symbols | Sentences) and isinstance(dimensions.target, Symbols | Labels | Ink)
    written = 4 if isinstance(dimensions.target, Ink) else dimensions.target.count
    assert sizes_of(dimensions) == (dimensions.source.count, written, 0)
    assert sizes_of(Dimensions(Values(3), dimensions.target)) == (4, written, 3)
