"""What each format holds, and that JSON which is written is read the same."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from drawn import PLACES, drawing, file_of, iam_folder, inkml_of, opened, strokes_of, svg_of
from unspool.ink import inkml, json_points, svg_paths
from unspool.ink.evenness import Evenness
from unspool.ink.reading import is_ink, read_drawings

TEXT = "hi"
OBJECTS = [[{"x": x, "y": y, "t": 5, "pressure": 0.5} for x, y in stroke] for stroke in PLACES]


@pytest.mark.parametrize(
    "value",
    [
        {"lines": [{"text": TEXT, "strokes": OBJECTS}]},
        {"text": TEXT, "strokes": PLACES},
        [{"text": TEXT, "strokes": PLACES}],
        PLACES,
        OBJECTS,
    ],
)
def test_json_of_a_canvas_in_all_its_shapes(value: object) -> None:
    (read,), evenness = json_points.read(file_of(json.dumps(value)), "x.json")
    assert strokes_of(read) == PLACES
    assert read.text == (None if isinstance(value, list) and isinstance(value[0], list) else TEXT)
    assert evenness == Evenness()


def test_a_plain_list_of_points_is_one_stroke() -> None:
    (read,), _ = json_points.read(file_of("[[0, 0], [1, 2]]"), "x.json")
    assert strokes_of(read) == [[[0, 0], [1, 2]]]


def test_json_that_is_written_is_read_the_same(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(json_points.write([drawing("hé 안"), drawing()], x_height=2.0))
    (one, two) = read_drawings(path, opened)
    assert (one.text, two.text) == ("hé 안", None)
    np.testing.assert_allclose(one.points[:, :2] * 2, drawing().points[:, :2], atol=1e-3)
    np.testing.assert_array_equal(one.points[:, 2], drawing().points[:, 2])


def test_quickdraw_is_read_point_for_point(tmp_path: Path) -> None:
    line = json.dumps({"word": "cat", "drawing": [[[0, 3, 6], [0, 4, 0], [0, 9, 20]], [[10, 10], [1, 5]]]})
    path = tmp_path / "cat.ndjson.gz"
    path.write_bytes(gzip.compress(f"{line}\n\n{line}\n".encode()))
    assert is_ink(path, gzip.open)
    for read in read_drawings(path, gzip.open):
        assert (read.text, strokes_of(read)) == ("cat", PLACES)


@pytest.mark.parametrize(
    "trace",
    [
        "0 0, 3 4, 6 0",
        "0 0,'3'4,'3'-4",
        "!0 !0, '3 '4, '3 '-4",
        "0 0, 3 4, '3'-4",
        "0 0,'3'4,\"0\"-8",
        "0 0,3 4,6 0,",
        "0 0 , 3.0 4e0 , 6 0.",
        "0 0,? 7,3 4,6 0",
        "0 -0, 3 4, 6 0",
    ],
)
def test_values_and_differences_of_inkml(trace: str) -> None:
    (read,), _ = inkml.read(file_of(inkml_of(f"<trace>{trace}</trace><trace>10 1, * 5</trace>")), "x.inkml")
    assert strokes_of(read) == PLACES


def test_channels_of_inkml_may_come_in_any_order() -> None:
    form = '<traceFormat><channel name="T"/><channel name="Y"/><channel name="X"/></traceFormat>'
    (read,), _ = inkml.read(file_of(inkml_of(f"{form}<trace>0 0 0, 10 4 3, 20 0 6</trace>")), "x.inkml")
    assert strokes_of(read) == PLACES[:1]


def test_groups_of_inkml_with_their_text_are_drawings() -> None:
    groups = """<annotation type="copyright">me</annotation>
      <traceGroup><traceGroup><annotation type="truth">one</annotation>
        <traceGroup><annotation type="truth">o</annotation><trace>0 0, 1 1</trace></traceGroup></traceGroup>
      <traceGroup><annotation type="Transcription">two</annotation><trace xml:id="t2">5 5, 6 6</trace></traceGroup>
      </traceGroup>
      <traceView><annotation type="label">again</annotation><traceView traceDataRef="#t2"/></traceView>"""
    read, _ = inkml.read(file_of(inkml_of(groups)), "x.inkml")
    assert [(one.text, strokes_of(one)) for one in read] == [
        ("one", [[[0, 0], [1, 1]]]), ("two", [[[0, 0], [1, 1]]]), ("again", [[[0, 0], [1, 1]]]),
    ]  # fmt: skip


def test_inkml_as_a_whole_has_the_text_of_the_file() -> None:
    (read,), _ = inkml.read(file_of(inkml_of('<annotation type="truth">x</annotation><trace>0 0</trace>')), "x.inkml")
    assert read.text == "x"


@pytest.mark.parametrize(
    "shape",
    [
        '<path d="M0 0L3 4L6 0"/>',
        '<path d="m0,0l3,4 3-4"/>',
        '<path d="M0 0 3 4 6 0"/>',
        '<polyline points="0,0 3,4 6,0"/>',
        '<g transform="translate(1 1)"><path transform="scale(2)" d="M0 0 1.5 2 3 0"/></g>',
        '<defs><path d="M7 7h9"/></defs><path d="M0 0 3 4 6 0"/>',
    ],
)
def test_straight_paths_of_svg(shape: str) -> None:
    (read,), _ = svg_paths.read(file_of(svg_of(shape)), "x.svg")
    assert (read.text, strokes_of(read)) == ("a b", PLACES[:1])


def test_every_command_of_a_path_ends_where_it_says() -> None:
    for capitals, small in (
        ("M1 1H5V7Z", "m1 1h4v6z"),
        ("M1 1C1 3 5 3 5 5S9 7 9 5", "m1 1c0 2 4 2 4 4s4 2 4 0"),
        ("M1 1Q3 5 5 1T9 1", "m1 1q2 4 4 0t4 0"),
        ("M1 1A4 4 0 0 1 9 1", "m1 1a4 4 0 0 1 8 0"),
    ):
        one, other = (
            svg_paths.read(file_of(svg_of(f'<path d="{data}"/>')), "x.svg")[0][0] for data in (capitals, small)
        )
        np.testing.assert_allclose(one.points, other.points, atol=1e-9)
        end = one.points[:, :2].sum(0)
        np.testing.assert_allclose(end, [0, 0] if "Z" in capitals else [8, 4] if "C" in capitals else [8, 0], atol=1e-9)


def test_an_arc_is_round() -> None:
    (read,), _ = svg_paths.read(file_of(svg_of('<path d="M5 0A5 5 0 0 1 -5 0"/>')), "x.svg")
    np.testing.assert_allclose(np.hypot(*(read.strokes()[0] + (5, 0)).T), 5, atol=1e-6)


def test_folders_of_iam_are_read_as_they_come(tmp_path: Path) -> None:
    lines = list(read_drawings(iam_folder(tmp_path), opened))
    assert is_ink(tmp_path, opened)
    assert [line.text for line in lines] == ["A MOVE", "to stop Mr. Gaitskell", None]
    assert {line.style for line in lines} == {"a01-000u"}
    assert all(strokes_of(line) == PLACES for line in lines)


def test_texts_of_iam_may_be_latin_1(tmp_path: Path) -> None:
    first = next(read_drawings(iam_folder(tmp_path, "CSR:\r\n\r\nà la française\r\n".encode("latin-1")), opened))
    assert first.text == "à la française"


def test_a_folder_of_files_has_one_scale(tmp_path: Path) -> None:
    for name, height in (("a", 20), ("b", 30), ("c", 40)):
        strokes = [[[x * height, height * (x % 2)] for x in range(20)]]
        (tmp_path / f"{name}.json").write_text(json.dumps({"text": name, "strokes": strokes}))
    (tmp_path / "notes.txt").write_text("not ink")
    heights = {one.text: np.ptp(one.strokes()[0][:, 1]) for one in read_drawings(tmp_path, opened)}
    assert heights["c"] == pytest.approx(2 * heights["a"]) and heights["b"] == pytest.approx(1.5 * heights["a"])


def test_other_files_are_no_ink(tmp_path: Path) -> None:
    (tmp_path / "x.ndjson").write_text('{"source": "a", "target": "b"}\n')
    (tmp_path / "x.tsv").write_text("a\tb\n")
    (tmp_path / "empty").mkdir()
    assert not any(is_ink(tmp_path / name, opened) for name in ("x.ndjson", "x.tsv", "empty", "other.txt"))
