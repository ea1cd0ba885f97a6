"""Ink as training data: drawings come as pairs of a task's sides, and what is wrong is told with its place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from unspool.data.drawings import are_drawings, read_sides, write_drawings
from unspool.errors import Mistake
from unspool.types import Task

DRAWINGS = [np.array([[0.0, 0.0, 0.0], [1.5, -2.0, 1.0]]), np.array([[3.0, 4.0, 1.0]])]
WRITES, READS, ALONE = Task("text", "ink"), Task("ink", "text"), Task("ink", "ink")
WHOLE: dict[str, Any] = {"ink": np.concatenate(DRAWINGS), "lengths": np.array([2, 1])}


def saved(path: Path, **arrays: Any) -> Path:
    np.savez(path, **arrays)
    return path


def test_drawings_stand_on_the_side_that_the_task_has_for_them(tmp_path: Path) -> None:
    path = tmp_path / "ink.npz"
    write_drawings(path, DRAWINGS, ["ab", "c"])
    assert are_drawings([path])
    written, read, alone = (read_sides([path, path], task) for task in (WRITES, READS, ALONE))
    assert written.sequences == read.targets == ["ab", "c", "ab", "c"]
    for given, found, other in zip(DRAWINGS * 2, written.targets, alone.targets, strict=True):
        np.testing.assert_array_equal(given, found)
        np.testing.assert_array_equal(given, other)
    assert [len(each) for each in alone.sequences] == [0] * 4
    np.testing.assert_array_equal(read.sequences[0], DRAWINGS[0])


def test_other_formats_are_read_too(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"lines": [{"text": "hi", "strokes": [[{"x": 0, "y": 0}, {"x": 9, "y": 40}]]}]}')
    assert are_drawings([tmp_path / "a.json"])
    assert read_sides([tmp_path / "a.json"], WRITES).sequences == ["hi"]


def test_a_trained_folder_is_no_ink_though_it_holds_json(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text("{}")
    assert not are_drawings([tmp_path])


def test_a_task_with_texts_needs_them(tmp_path: Path) -> None:
    write_drawings(tmp_path / "ink.npz", DRAWINGS)
    assert len(read_sides([tmp_path / "ink.npz"], ALONE).targets) == 2
    with pytest.raises(Mistake, match=r"ink\.npz, drawing 1: there is no text") as caught:
        read_sides([tmp_path / "ink.npz"], WRITES)
    assert "--model graves" in caught.value.remedy


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"lengths": None}, "no array 'lengths'"),
        ({"ink": np.zeros((3, 2))}, r"not rows of three numbers, but of shape \(3, 2\)"),
        ({"ink": np.zeros(3)}, "not rows of three numbers"),
        ({"lengths": np.array([2, 2])}, "do not add up to the 3 points"),
        ({"lengths": np.array([3, 0])}, "not whole numbers from 1 on"),
        ({"lengths": np.array([1.0, 2.0])}, "not whole numbers from 1 on"),
        ({"texts": np.array(["a"])}, r"not one text for each drawing, but of shape \(1,\)"),
        ({"ink": np.array([[0, 0, 0], [1, np.nan, 1], [0, 0, 1]])}, "drawing 1: .*not finite"),
        ({"ink": np.array([[0, 0, 0], [1, 1, 1], [0, 0, 7]])}, "drawing 2: .*neither down nor up"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(tmp_path: Path, changes: dict[str, Any], told: str) -> None:
    arrays = {key: value for key, value in (WHOLE | changes).items() if value is not None}
    with pytest.raises(Mistake, match=told) as caught:
        read_sides([saved(tmp_path / "x.npz", **arrays)], ALONE)
    assert "x.npz" in caught.value.what and "\n" not in caught.value.what


def test_files_without_any_drawing_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("[]")
    with pytest.raises(Mistake):
        read_sides([tmp_path / "a.json"], ALONE)


def test_drawings_without_ink_or_text_are_left_out_and_counted(tmp_path: Path) -> None:
    line = '{"text": "%s", "strokes": %s}'
    lines = [line % ("a", "[[[0, 0], [9, 40]]]"), line % ("", "[[[0, 0], [9, 40]]]"), line % ("b", "[]")]
    (tmp_path / "a.json").write_text(f"[{', '.join(lines)}]")
    told: list[str] = []
    assert read_sides([tmp_path / "a.json"], WRITES, told.append).sequences == ["a"]
    assert told[0] == "1 drawing without a point is left out."
    assert told[1] == f"1 drawing without a text is left out; the first is {tmp_path / 'a.json'}, line 2."
    assert len(read_sides([tmp_path / "a.json"], ALONE).targets) == 2
