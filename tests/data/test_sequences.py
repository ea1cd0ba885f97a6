"""Sequences of real values in every form in which they come: files, folders, tables and frames."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas
import polars
import pytest

from unspool.data.arrays import held_by, held_in, read_arrays, write_arrays
from unspool.data.columns import parse_columns
from unspool.data.fingerprint import fingerprint
from unspool.data.reading import Reading
from unspool.data.sequences import Held
from unspool.data.sources import read_sources
from unspool.data.spool import spooled
from unspool.data.tables import Table
from unspool.errors import Mistake

RISING, FALLING = [[0.0, 1.0], [0.5, 2.0]], [[1.0, 1.0], [0.5, 2.0], [0.1, 3.0]]


def csv(path: Path, rows: list[list[float]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("x,y\n" + "".join(f"{','.join(map(str, row))}\n" for row in rows))
    return path


def in_folders(folder: Path) -> Path:
    csv(folder / "down" / "2.csv", FALLING)
    csv(folder / "up" / "1.csv", RISING)
    return folder


def in_names(folder: Path) -> Path:
    csv(folder / "down_2.csv", FALLING)
    csv(folder / "up_1.csv", RISING)
    return folder


def in_metadata(folder: Path) -> Path:
    csv(folder / "one.csv", FALLING)
    csv(folder / "two.csv", RISING)
    (folder / "metadata.csv").write_text("file_name,label\none.csv,down\ntwo.csv,up\n")
    return folder


def in_pairs(folder: Path) -> Path:
    for name, rows, label in (("a", FALLING, "down"), ("b", RISING, "up\n")):
        csv(folder / "source" / f"{name}.csv", rows)
        (folder / "target").mkdir(exist_ok=True)
        (folder / "target" / f"{name}.txt").write_text(label)
    return folder


def in_jsonl(folder: Path) -> Path:
    rows = [{"source": FALLING, "target": "down"}, {"source": RISING, "target": "up"}]
    (folder / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return folder / "a.jsonl"


def in_parquet(folder: Path) -> Path:
    frame = polars.DataFrame({"source": [FALLING, RISING], "target": ["down", "up"]})
    frame.write_parquet(folder / "a.parquet")
    return folder / "a.parquet"


def in_npz(folder: Path) -> Path:
    write_arrays(folder / "a.npz", [np.array(FALLING), np.array(RISING)], ["down", "up"])
    return folder / "a.npz"


@pytest.mark.parametrize("form", [in_folders, in_names, in_metadata, in_pairs, in_jsonl, in_parquet, in_npz])
def test_every_form_is_read_as_the_same_pairs(form: Any, tmp_path: Path) -> None:
    path = form(tmp_path)
    read = read_arrays([path])
    assert held_in(path) == Held("values", "text") and read.targets == ["down", "up"]
    for one, other in zip(read.sequences, (FALLING, RISING), strict=True):
        np.testing.assert_array_equal(one, other)
    answered = list(read_sources(path))
    assert [len(one) for one in answered] == [3, 2]


def test_text_beside_written_values_is_read_from_an_npz_and_from_a_table(tmp_path: Path) -> None:
    write_arrays(tmp_path / "a.npz", ["an a", "a b"], [np.array(FALLING), np.array(RISING)])
    rows = [{"word": "an a", "track": FALLING, "n": 1}, {"word": "a b", "track": RISING, "n": 2}]
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    reading = Reading(columns=parse_columns("source=word,target=track"))
    for path in (tmp_path / "a.npz", tmp_path / "a.jsonl"):
        read = read_arrays([path], reading)
        assert held_in(path, reading) == Held("text", "values") and read.sequences == ["an a", "a b"]
        assert [one.shape for one in read.targets] == [(3, 2), (2, 2)]
    assert list(read_sources(tmp_path / "a.jsonl", reading)) == ["an a", "a b"]


@pytest.mark.parametrize("frame", [pandas.DataFrame, polars.DataFrame, dict])
@pytest.mark.parametrize("single", [False, True], ids=["rows", "numbers"])
def test_frames_with_lists_or_arrays_are_sequences(frame: Any, single: bool) -> None:
    cells = [[1.5, 2.0], [3.0]] if single else [FALLING, RISING]
    if frame is pandas.DataFrame:
        cells = [np.array(cell) for cell in cells]
    with spooled() as spool:
        path = spool.file(frame({"source": cells, "target": ["a", "b"]}), "training")
        read = read_arrays([path])
    assert read.targets == ["a", "b"]
    for one, other in zip(read.sequences, cells, strict=True):
        np.testing.assert_array_equal(one, np.array(other).reshape(len(other), -1))


def test_constant_values_in_a_frame_are_no_bomb() -> None:
    with spooled() as spool:
        path = spool.file({"a": [[0.0] * 10_000], "b": ["x"]}, "training")
        assert path.stat().st_size >= 40_000, "not compressed"
        assert len(read_arrays([path]).sequences[0]) == 10_000


def test_a_parquet_file_is_a_table_of_texts(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pandas.DataFrame({"n": [1, 2], "word": ["a", None], "sound": ["x", "y"]}).to_parquet(path)
    pairs = list(Table([path], Reading(columns=parse_columns("source=sound,target=n"))))
    assert [(pair.source, pair.target) for pair in pairs] == [(("x",), ("1",)), (("y",), ("2",))]
    assert held_in(path) == Held()
    table = Table([path], Reading(columns=parse_columns("source=word,target=n")))
    assert len(list(table)) == 1 and table.stats.skipped == 1


def test_a_label_beside_a_list_stays_as_it_is_written(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"source": [1, 2.5], "target": 1.10}\n{"source": [3], "target": true}\n')
    assert read_arrays([tmp_path / "a.jsonl"]).targets == ["1.10", "true"]


def wrong_file(text: str) -> Any:
    def write(folder: Path) -> Path:
        (folder / "up").mkdir()
        (folder / "up" / "1.csv").write_text(text)
        return folder

    return write


def wrong_row(row: str, table: str = "a.jsonl") -> Any:
    def write(folder: Path) -> Path:
        (folder / table).write_text('{"source": [[1, 2], [3, 4]], "target": "a"}\n' + row)
        return folder / table

    return write


def wrong_names(text: str) -> Any:
    def write(folder: Path) -> Path:
        csv(folder / "one.csv", RISING)
        (folder / "metadata.csv").write_text(f"file_name,label\none.csv,a\n{text}\n")
        return folder

    return write


def without_partner(folder: Path) -> Path:
    in_pairs(folder)
    (folder / "target" / "b.txt").unlink()
    return folder


def truncated(folder: Path) -> Path:
    path = in_parquet(folder)
    path.write_bytes(path.read_bytes()[:-20])
    return path


def empty(folder: Path) -> Path:
    return folder


WRONG = {
    "nan": (wrong_file("1,2\nnan,3\n"), r"1\.csv, line 2: nan is not finite"),
    "infinity": (wrong_file("1,2\n1,inf\n"), r"1\.csv, line 2: inf is not finite"),
    "too large": (wrong_file("1e39\n"), r"1\.csv, line 1: 1e39 is larger than float32"),
    "ragged": (wrong_file("1,2\n\n3\n"), r"1\.csv, line 3: there are 1 numbers, and 2"),
    "mixed": (wrong_file("1,2\n3,three\n"), r"1\.csv, line 2: 'three' is not a number"),
    "no step": (wrong_file("x,y\n"), r"1\.csv holds no numbers"),
    "nothing": (wrong_file(""), r"1\.csv holds no numbers"),
    "an empty folder": (empty, "holds no sequences"),
    "nan in a list": (wrong_row('{"source": [[1, NaN]], "target": "b"}'), "line 2, 'source': row 0 is .*not finite"),
    "a ragged list": (wrong_row('{"source": [[1, 2], [3]], "target": "b"}'), "line 2, 'source': row 1 has 1 number"),
    "a mixed list": (wrong_row('{"source": [[1, "x"]], "target": "b"}'), "line 2, 'source': row 0 holds 'x'"),
    "null in a list": (wrong_row('{"source": [[1, null]], "target": "b"}'), "line 2, 'source': row 0 holds None"),
    "numbers and rows": (wrong_row('{"source": [1, [2]], "target": "b"}'), "row 1 is a list, and row 0 is a number"),
    "an empty list": (wrong_row('{"source": [], "target": "b"}'), "line 2, 'source' is a sequence without a step"),
    "another width": (wrong_row('{"source": [1, 2], "target": "b"}'), "line 2: the source has 1 numbers a step, and"),
    "a text among lists": (wrong_row('{"source": "abc", "target": "b"}'), "line 2: 'source' is 'abc', not a sequence"),
    "null among lists": (wrong_row('{"source": null, "target": "b"}'), "line 2: 'source' is empty"),
    "a list among texts": (wrong_row('{"source": [[1, 2]], "target": [1]}'), "line 2: 'target' is a list, and a text"),
    "a missing file": (wrong_names("two.csv,b"), r"line 3: there is no file .*two\.csv"),
    "no file": (wrong_names(",b"), "line 3: 'file_name' is empty"),
    "no partner": (without_partner, "there is no pair of b"),
    "a truncated Parquet file": (truncated, "not a whole Parquet file"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_one_line_with_its_file_and_row(name: str, tmp_path: Path) -> None:
    make, what = WRONG[name]
    with pytest.raises(Mistake, match=what) as caught:
        read_arrays([make(tmp_path)])
    assert "\n" not in caught.value.what


def test_a_list_that_is_not_said_to_be_one_is_no_text(tmp_path: Path) -> None:
    polars.DataFrame({"a": ["x", "y"], "b": [[1], [2]]}).write_parquet(tmp_path / "a.parquet")
    with pytest.raises(Mistake, match=r"line 1: 'b' is a list, not a text"):
        list(Table([tmp_path / "a.parquet"]))


def test_real_values_and_texts_are_not_read_together(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text("a\tb\n")
    with pytest.raises(Mistake, match="cannot be read together"):
        held_by([in_jsonl(tmp_path), tmp_path / "a.tsv"])


def test_the_fingerprint_of_a_folder_is_that_of_its_files(tmp_path: Path) -> None:
    before = fingerprint([in_folders(tmp_path)])
    assert fingerprint([tmp_path]) == before
    csv(tmp_path / "up" / "1.csv", FALLING)
    assert fingerprint([tmp_path]) != before


def test_rows_of_a_frame_are_named_in_errors() -> None:
    with pytest.raises(Mistake, match="Row 2, 'a', is a sequence without a step"), spooled() as spool:
        spool.file({"a": [[1.0], []], "b": ["x", "y"]}, "training")
    with pytest.raises(Mistake, match="Row 2, 'a', is the text 'z', not a sequence"), spooled() as spool:
        spool.file({"a": [[1.0], "z"], "b": ["x", "y"]}, "training")


def test_missing_values_at_the_beginning_are_no_second_header(tmp_path: Path) -> None:
    folder = tmp_path / "numbers"
    folder.mkdir()
    (folder / "1.csv").write_text("x,y\nNA,NA\n1,2\n")
    with pytest.raises(Mistake, match=r"1\.csv, line 2"):
        list(read_sources(folder))
    (folder / "1.csv").write_text('"x","y"\n"1","2"\n"3","4"\n')
    read = [np.asarray(one).tolist() for one in read_sources(folder)]
    assert read == [[[1.0, 2.0], [3.0, 4.0]]]
