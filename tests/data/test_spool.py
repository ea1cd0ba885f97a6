"""Data from memory becomes files that are read like any other, and stays with the run."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from unspool.data.arrays import read_arrays
from unspool.data.fingerprint import fingerprint
from unspool.data.inputs import Files
from unspool.data.spool import keep, kept_files, spooled
from unspool.data.tables import Table
from unspool.errors import Mistake


def test_columns_are_written_as_lines_of_json_with_their_names() -> None:
    with spooled() as spool:
        path = spool.file({"낱말": ["한국", None], "n": [3, 4]}, "training")
        rows = [json.loads(line) for line in gzip.decompress(path.read_bytes()).decode().splitlines()]
        assert rows == [{"낱말": "한국", "n": "3"}, {"낱말": "", "n": "4"}]
        table = Table([path])
        assert [(pair.source, pair.target) for pair in table] == [(("한국",), ("3",))]
        assert spool.spoken(table.stats.messages()[0]).endswith("(the first: row 2).")
    assert not spool.folder.exists()


def test_the_same_data_has_the_same_fingerprint_in_every_form() -> None:
    with spooled() as spool:
        forms = ([("a", "b"), ("c", "d")], {"source": ["a", "c"], "target": ["b", "d"]})
        assert len({fingerprint([spool.file(form, str(n))]) for n, form in enumerate(forms)}) == 1


@pytest.mark.parametrize("targets", [["up", "down"], [np.zeros((2, 1)), np.ones((1, 1))]], ids=["texts", "arrays"])
def test_arrays_are_written_as_npz(targets: list) -> None:
    sequences = [np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[5.0, 6.0]])]
    with spooled() as spool:
        read = read_arrays([spool.file(list(zip(sequences, targets, strict=True)), "training")])
    assert all(np.array_equal(one, other) for one, other in zip(read.sequences, sequences, strict=True))
    assert all(np.array_equal(one, other) for one, other in zip(read.targets, targets, strict=True))


@pytest.mark.parametrize("wrong", [np.zeros(3), np.zeros((2, 2)), np.array([["a"]]), "text"])
def test_an_array_of_another_shape_or_type_is_a_mistake(wrong: object) -> None:
    with spooled() as spool, pytest.raises(Mistake, match="Source 2 is"):
        spool.file([(np.zeros((2, 1)), "a"), (wrong, "b")], "training")


def test_rows_that_are_all_alike_are_read_however_many() -> None:
    with spooled() as spool:
        assert sum(1 for _ in Table([spool.file([("hello", "olleh")] * 40_000, "training")])) == 40_000


def test_a_mistake_in_the_data_names_the_row_and_no_temporary_file() -> None:
    with pytest.raises(Mistake) as caught, spooled() as spool:
        list(Table([spool.file({"a": ["x"], "b": ["y"], "c": ["z"]}, "training")]))
    assert caught.value.what.startswith("The training data has 3 columns (a, b, c)")


def test_only_files_of_the_spool_are_copied_into_the_run(tmp_path: Path) -> None:
    valid, out = tmp_path / "valid.tsv", tmp_path / "run"
    valid.write_text("a\tb\n")
    with spooled() as spool:
        given = Files((spool.file([("c", "d")], "training"),), (valid,), spool=spool.folder)
        keep(given, out)
        files = kept_files(given, out)
    assert files.to_json(out) == {
        "data": ["data/training.jsonl.gz"], "valid": [str(valid)], "aligned": [], "aligned_valid": [],
    }  # fmt: skip
    assert Files.from_json(files.to_json(out), out) == files
    assert all(path.exists() for path in files.paths())
