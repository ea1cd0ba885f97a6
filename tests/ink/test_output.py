from __future__ import annotations

from pathlib import Path

import pytest

from drawn import drawing, opened, strokes_of
from unspool.errors import Mistake
from unspool.ink.output import ENDINGS, check_output, write_lines
from unspool.ink.reading import read_drawings


@pytest.mark.parametrize("ending", ENDINGS)
def test_every_ending_is_written(tmp_path: Path, ending: str) -> None:
    write_lines(tmp_path / f"x{ending}", [drawing("a"), None, drawing("b")])
    assert (tmp_path / f"x{ending}").stat().st_size > 100


def test_json_keeps_texts_and_shapes(tmp_path: Path) -> None:
    write_lines(tmp_path / "x.json", [drawing("a"), None, drawing("b")])
    one, two = read_drawings(tmp_path / "x.json", opened)
    assert (one.text, two.text) == ("a", "b")
    (first, _), scale = strokes_of(one), 4 / strokes_of(one)[0][1][1]
    assert [[round(x * scale, 1), round(y * scale, 1)] for x, y in first] == [[0, 0], [3, 4], [6, 0]]


@pytest.mark.parametrize(
    ("name", "animated", "expected"),
    [
        ("x.pdf", False, r"Ink is not written to '.pdf' files"),
        ("x.png", True, r"Only an .svg is animated"),
        ("no/x.svg", False, r"There is no folder .*no"),
    ],
)
def test_what_cannot_be_written_is_told_before(tmp_path: Path, name: str, animated: bool, expected: str) -> None:
    with pytest.raises(Mistake, match=expected):
        check_output(tmp_path / name, animated=animated)
