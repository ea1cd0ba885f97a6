"""What is written: sheets, pictures, programs of plotters."""

from __future__ import annotations

import io
import re
from itertools import pairwise
from xml.etree import ElementTree

import numpy as np
import pytest
from matplotlib.image import imread

from drawn import drawing, file_of
from unspool.errors import Mistake
from unspool.ink import gcode, png, svg, svg_paths
from unspool.ink.curves import controls
from unspool.ink.drawing import Drawing, to_points
from unspool.ink.hershey import Hand, written
from unspool.ink.sheet import Paper, Sheet, laid_out, level, wrapped

LINE = written("handwriting", Hand("futural"), np.random.default_rng(1))
SHEET = laid_out([LINE, None, LINE])


def test_lines_break_between_words_and_where_the_text_has_its_own() -> None:
    assert wrapped("one two three\n\nfour", 8) == ["one two", "three", "", "four"]
    assert wrapped("abcdefghij", 4) == ["abcd", "efgh", "ij"]


def test_lines_stand_below_each_other_inside_the_margins() -> None:
    paper = Paper()
    first, last = SHEET.strokes[: len(SHEET.strokes) // 2], SHEET.strokes[len(SHEET.strokes) // 2 :]
    for one, other in zip(first, last, strict=True):
        np.testing.assert_allclose(other - one, np.broadcast_to([0, 2 * paper.line_height], one.shape), atol=1e-9)
    places = np.concatenate(SHEET.strokes)
    assert (places.min(0) >= paper.margin - 1e-6).all()
    assert (places.max(0) <= np.array([SHEET.width, SHEET.height]) - paper.margin + 0.01).all()


def test_letters_are_as_high_as_asked_whatever_their_units() -> None:
    large = Drawing(LINE.points * (70, 70, 1))
    heights = [np.ptp(np.concatenate(laid_out([line]).strokes)[:, 1]) for line in (LINE, large)]
    assert heights[0] == pytest.approx(heights[1])
    assert heights[0] == pytest.approx(3 * Paper().x_height, rel=0.4)  # from the top of h to the bottom of g


def test_a_line_that_climbs_is_levelled() -> None:
    turn = np.array([[np.cos(0.2), np.sin(0.2)], [-np.sin(0.2), np.cos(0.2)]])
    climbing = level([stroke @ turn for stroke in LINE.strokes()])
    for one, other in zip(level(LINE.strokes()), climbing, strict=True):
        np.testing.assert_allclose(one, other, atol=0.15)


def test_nothing_and_dots_have_a_sheet() -> None:
    dot = Drawing(to_points([np.zeros((1, 2))]))
    for lines in ([], [None], [dot], [dot, drawing()]):
        sheet = laid_out(lines)
        for write in (svg.write, svg.write_animated, png.write, gcode.write):
            assert write(sheet)


def test_svg_is_read_as_the_ink_that_it_draws() -> None:
    (read,), _ = svg_paths.read(file_of(svg.write(SHEET)), "x.svg")
    ends = [(stroke[0], stroke[-1]) for stroke in SHEET.strokes]
    for stroke, (first, last) in zip(read.strokes(), ends, strict=True):
        np.testing.assert_allclose(stroke[0] + SHEET.strokes[0][0], first, atol=0.02)
        np.testing.assert_allclose(stroke[-1] + SHEET.strokes[0][0], last, atol=0.32)  # a dot is a short line


def test_an_animation_writes_stroke_after_stroke_and_needs_no_script() -> None:
    times = svg.timing(SHEET.strokes)
    assert times[0][0] == 0
    for (begin, seconds), (after, _) in pairwise(times):
        assert after > begin + seconds
    content = svg.write_animated(SHEET)
    ElementTree.fromstring(content)
    assert content.count(b"animation-delay") == len(SHEET.strokes)
    assert b"<script" not in content and content.count(b"http") == 1  # the namespace


def test_a_title_cannot_leave_its_place() -> None:
    sheet = laid_out([Drawing(LINE.points, "</title><script>alert(1)</script>")])
    assert b"<script" not in svg.write(sheet)


def test_a_picture_has_ink_where_the_strokes_are() -> None:
    dots = imread(io.BytesIO(png.write(SHEET)))[..., 0]
    dark = dots < 0.5
    scale = dots.shape[1] / SHEET.width
    for stroke in SHEET.strokes:
        for x, y in stroke[:: max(1, len(stroke) // 3)]:
            row, column = int(y * scale), int(x * scale)
            assert dark[row - 2 : row + 3, column - 2 : column + 3].any()
    assert 0.001 < dark.mean() < 0.1


def test_a_plotter_draws_with_the_pen_down_and_moves_with_it_up() -> None:
    lines = gcode.write(SHEET).decode().splitlines()
    down, drawn = False, 0
    for line in lines:
        if "Z" in line:
            down = line.startswith("G1 Z0")
            drawn += down
        elif line.startswith("G1"):
            assert down
            x, y = map(float, re.findall(r"[XY]([-\d.]+)", line))
            assert 0 <= x <= SHEET.width and 0 <= y <= SHEET.height
        elif line.startswith("G0"):
            assert not down
    assert drawn == len(SHEET.strokes) and lines[-1] == "M2 ; end"


def test_ink_does_not_leave_the_paper() -> None:
    with pytest.raises(Mistake, match=r"larger than the paper of 30 × 30 mm"):
        laid_out([LINE], Paper(width=30, height=30))


def test_curves_go_through_the_points_and_keep_corners() -> None:
    angle = np.linspace(0, np.pi, 12)
    arc = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    middles = (arc[:-1] + arc[1:] + 3 * controls(arc).sum(1)) / 8
    np.testing.assert_allclose(np.hypot(*middles[1:-1].T), 1, atol=2e-3)
    corner = np.array([[0.0, 0], [1, 0], [1, 1]])
    np.testing.assert_allclose(controls(corner)[0, 1], [2 / 3, 0])
    assert isinstance(SHEET, Sheet)
