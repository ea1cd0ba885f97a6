"""Bad ink of every kind: one line that names the file, the place and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from drawn import iam_folder, inkml_of, opened, svg_of
from unspool.errors import Mistake
from unspool.ink import checks, svg_paths
from unspool.ink.reading import read_drawings

BAD = [
    ("x.json", "", r"x.json is not JSON"),
    ("x.json", "{", r"x.json is not JSON"),
    ("x.json", "[" * 100_000, r"nested too deeply"),
    ("x.json", b"\xff\xfe\x00", r"is not JSON"),
    ("x.json", "3", r"there are no 'strokes'"),
    ("x.json", '{"words": []}', r"there are no 'strokes'"),
    ("x.json", '{"lines": {}}', r"'lines' is not a list"),
    ("x.json", '{"lines": [3]}', r"line 1 is not an object"),
    ("x.json", '{"lines": [{"strokes": [[[0,0]]]}, {}]}', r"line 2: there are no 'strokes'"),
    ("x.json", '{"strokes": [3]}', r"stroke 1 is not a list"),
    ("x.json", '{"strokes": [[[0, 0], [1]]]}', r"stroke 1, point 2 has no x and y"),
    ("x.json", '{"strokes": [[{"x": "1", "y": 2}]]}', r"point 1 has no x and y"),
    ("x.json", '{"strokes": [[[true, 1]]]}', r"point 1 has no x and y"),
    ("x.json", '{"strokes": [[[0, 0], [NaN, 1]]]}', r"stroke 1: point 2 is at nan, 1"),
    ("x.json", '{"strokes": [[[0, 0], [1e300, 1]]]}', r"point 2 is at 1e\+300"),
    ("x.json", '{"strokes": [[[0, %s]]]}' % ("9" * 400), r"point 1 has no x and y"),
    ("x.json", '{"text": 3, "strokes": []}', r"'text' is not a text"),
    ("x.json", '{"text": "\\ud800", "strokes": []}', r"'text' is not a text"),
    ("x.json", '{"x_height": -1, "lines": []}', r"'x_height' is not the height"),
    ("x.ndjson", '{"word": "cat", "drawing": 3}\n', r"line 1: there is no 'drawing'"),
    ("x.ndjson", '{"drawing": []}\n{"drawing": \n', r"line 2: not valid JSON"),
    ("x.ndjson", '{"drawing": [[[1, 2], [1]]]}\n', r"stroke 1 has not as many x as y"),
    ("x.ndjson", '{"drawing": [[["a"], [1]]]}\n', r"stroke 1 has a place that is not a number"),
    ("x.ndjson", '{"drawing": [[[%s], [1]]]}\n' % ("9" * 400), r"a number that is too large"),
    ("x.ndjson", '{"word": 3, "drawing": []}\n', r"'word' is not a text"),
    ("x.inkml", "", r"x.inkml, line 1: not well-formed XML"),
    ("x.inkml", "<html/>", r"is no InkML: its root is <html>"),
    ("x.inkml", "<ink><trace>0 0</ink>", r"not well-formed XML \(mismatched tag\)"),
    ("x.inkml", inkml_of("<trace>0 0, 1</trace>"), r"point 2: '1' has no X and Y"),
    ("x.inkml", inkml_of('<trace id="t9">0 0, 1 x</trace>'), r"trace t9, point 2: '1 x' has no X and Y"),
    ("x.inkml", inkml_of("<trace>0 0, 1e999 3</trace>"), r"point 2 is at inf, 3"),
    ("x.inkml", inkml_of('<traceFormat><channel name="Z"/></traceFormat>'), r"its traces have the channels Z"),
    ("x.svg", "<ink/>", r"is no SVG: its root is <ink>"),
    ("x.svg", svg_of('<path d="M0 0 K 3 4"/>'), r"shape 1: 'K' is no command of a path"),
    ("x.svg", svg_of('<path d="M0 0 1e999 3"/>'), r"shape 1"),
    ("x.svg", '<?xml version="1.0" encoding="klingon"?><svg/>', r"x.svg"),
]  # fmt: skip

BOMB = (
    '<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefgh", "bcdefghi", strict=True))
    + "]><svg><title>&i;</title></svg>"
)
FILE = '<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]><svg><title>&a;</title></svg>'


def test_each_line_names_the_file_and_the_place(tmp_path: Path) -> None:
    for name, content, expected in BAD:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        with pytest.raises(Mistake, match=expected) as caught:
            list(read_drawings(path, opened))
        assert str(path) in caught.value.what and "\n" not in str(caught.value), expected


@pytest.mark.parametrize("content", [BOMB, FILE])
def test_entities_are_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "x.svg").write_text(content)
    with pytest.raises(Mistake, match=r"x.svg declares entities"):
        list(read_drawings(tmp_path / "x.svg", opened))


def test_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "x.json").write_text("[[[0, 0], [1, 1], [2, 2]]]")
    monkeypatch.setattr(checks, "MOST_POINTS", 2)
    with pytest.raises(Mistake, match=r"x.json: a drawing has 3 points, and at most 2"):
        list(read_drawings(tmp_path / "x.json", opened))
    monkeypatch.setattr(checks, "LARGEST_FILE", 20)
    with pytest.raises(Mistake, match=r"x.json is larger than 0 MiB"):
        list(read_drawings(tmp_path / "x.json", opened))


def test_a_path_that_would_take_minutes_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(svg_paths, "LONGEST_DATA", 10)
    (tmp_path / "x.svg").write_text(svg_of('<path d="M0 0L1 1L2 2"/>'))
    with pytest.raises(Mistake, match=r"shape 1: the data of a path has 12 characters, and at most 10"):
        list(read_drawings(tmp_path / "x.svg", opened))


def test_a_transform_or_a_curve_that_is_broken(tmp_path: Path) -> None:
    for body in ('<g transform="matrix(1 2)"><path d="M0 0"/></g>', '<path d="M0 0 C 1 1"/>', '<path d="L 1"/>'):
        (tmp_path / "x.svg").write_text(svg_of(body))
        try:
            list(read_drawings(tmp_path / "x.svg", opened))
        except Mistake as mistake:
            assert "x.svg" in mistake.what


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("ascii/a01/a01-000/a01-000u.txt", b"just text", r"has no line 'CSR:'"),
        (
            "lineStrokes/a01/a01-000/a01-000u-01.xml",
            b"<a><Stroke><Point x='1'/></Stroke></a>",
            r"stroke 1: a point has",
        ),
        ("lineStrokes/a01/a01-000/a01-000u-01.xml", b"<a>", r"a01-000u-01.xml, line 1: not well-formed XML"),
        ("lineStrokes/a01/a01-000/a01.xml", b"<a/>", r"a01.xml has no number of a line"),
    ],
)
def test_iam_that_is_damaged(tmp_path: Path, name: str, content: bytes, expected: str) -> None:
    iam_folder(tmp_path)
    (tmp_path / name).write_bytes(content)
    with pytest.raises(Mistake, match=expected):
        list(read_drawings(tmp_path, opened))


def test_folders_without_ink(tmp_path: Path) -> None:
    with pytest.raises(Mistake, match=r"has no ink"):
        list(read_drawings(tmp_path, opened))
    (tmp_path / "lineStrokes").mkdir()
    with pytest.raises(Mistake, match=r"lineStrokes has no .xml files"):
        list(read_drawings(tmp_path, opened))
