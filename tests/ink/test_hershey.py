from __future__ import annotations

import numpy as np
import pytest

from unspool.errors import Mistake
from unspool.ink.drawing import arc_lengths
from unspool.ink.hershey import FONTS, LETTERS, Hand, glyph, random_hand, rounded, written, written_lines

PLAIN = np.random.default_rng(1)


def test_the_same_seed_gives_the_same_ink() -> None:
    one, same, other = (list(written_lines(["hello", "world"], seed)) for seed in (1, 1, 2))
    for line, again, different in zip(one, same, other, strict=True):
        np.testing.assert_array_equal(line.points, again.points)
        assert line.points.shape != different.points.shape or not np.allclose(line.points, different.points)


@pytest.mark.parametrize("font", FONTS)
def test_the_letters_are_there(font: str) -> None:
    """Each letter of a line lies within its own place, near its shape in the font."""
    text = "Hand, wq 7?"
    line = written(text, Hand(font, roundness=0.4), np.random.default_rng(3))
    places = np.concatenate(line.strokes())
    shapes = [glyph(font, letter) for letter in text]
    begins = np.cumsum([0.0, *(advance for _, advance in shapes)])
    placed = [
        [stroke + np.array((at, 0)) for stroke in strokes] for (strokes, _), at in zip(shapes, begins, strict=False)
    ]
    shown = np.concatenate([stroke for letter in placed for stroke in letter])
    shown -= shown[0] - places[0]
    nearest = [np.hypot(*(places - place).T).min() for place in shown]
    assert np.median(nearest) < 0.5 and max(nearest) < 2
    drawn = arc_lengths(line.strokes()).sum()
    known = sum(arc_lengths(strokes).sum() for strokes, _ in shapes)
    assert drawn == pytest.approx(known, rel=0.3)


def test_every_letter_of_every_font_is_drawn() -> None:
    for font in FONTS:
        empty = [letter for letter in LETTERS if not glyph(font, letter)[0]]
        assert empty == [" "]


def test_no_point_trembles_by_itself() -> None:
    """Of a straight stroke, neighbouring points move alike."""
    line = written("l" * 12, Hand("futural"), np.random.default_rng(2))
    for stroke in line.strokes():
        turns = np.diff(stroke, n=2, axis=0)
        assert np.abs(turns).max(initial=0) < 0.03


def test_points_are_evenly_spaced_and_the_line_has_its_text_and_style() -> None:
    line = written("even", Hand("timesr", 0.1), np.random.default_rng(1))
    steps = np.hypot(*line.points[1:, :2].T)[line.points[:-1, 2] == 0]
    assert 0.18 < np.median(steps) < 0.4 and steps.max() < 0.45
    assert (line.text, line.style) == ("even", "timesr slant +0.10 width 1.00")


def test_fonts_and_hands_are_drawn_alike_often() -> None:
    hands = {random_hand(np.random.default_rng(seed)).font for seed in range(40)}
    assert hands == {*FONTS}


def test_a_letter_that_the_fonts_lack_is_named() -> None:
    with pytest.raises(Mistake, match="The fonts have no 'é'"):
        written("café", Hand("futural"), PLAIN)


def test_rounding_keeps_the_ends_and_cuts_corners() -> None:
    corner = np.concatenate([np.linspace([0, 0], [1, 0], 20), np.linspace([1, 0], [1, 1], 20)[1:]])
    cut = rounded(corner, 2)
    np.testing.assert_allclose(cut[[0, -1]], corner[[0, -1]], atol=1e-9)
    assert np.hypot(*(cut - (1, 0)).T).min() > 0.02
    np.testing.assert_array_equal(rounded(corner[:2], 2), corner[:2])
