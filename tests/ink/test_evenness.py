from __future__ import annotations

import numpy as np
import pytest

from unspool.ink.drawing import Drawing, to_points
from unspool.ink.evenness import Evenness, estimated_height, even_stroke, made_even
from unspool.ink.hershey import FONTS, Hand, written

CIRCLE = np.stack([np.cos(np.linspace(0, 6, 200)), np.sin(np.linspace(0, 6, 200))], axis=1)


def test_points_are_as_far_apart_as_asked_and_both_ends_stay() -> None:
    even = even_stroke(CIRCLE, 0.2)
    np.testing.assert_allclose(np.hypot(*np.diff(even, axis=0).T), 0.2, rtol=0.02)
    np.testing.assert_array_equal(even[[0, -1]], CIRCLE[[0, -1]])


def test_how_fast_a_device_records_does_not_matter() -> None:
    slow, fast = CIRCLE[::2], np.repeat(CIRCLE, 3, axis=0)
    np.testing.assert_allclose(even_stroke(slow, 0.1)[:50], even_stroke(fast, 0.1)[:50], atol=0.03)


def test_repeated_points_and_dots_become_one_point() -> None:
    assert even_stroke(np.array([[2.0, 3], [2, 3], [2, 3]]), 0.25).tolist() == [[2, 3]]
    assert even_stroke(np.array([[2.0, 3]]), 0.25).tolist() == [[2, 3]]
    assert len(even_stroke(np.array([[0, 0], [0.1, 0], [0, 0.1]]), 0.25)) == 1


@pytest.mark.parametrize("font", FONTS)
def test_the_height_of_letters_is_estimated_in_every_font(font: str) -> None:
    """Also of a line that climbs, in other units."""
    line = written("the quick brown fox jumps over it", Hand(font), np.random.default_rng(1))
    turn = np.array([[1, 0.1], [-0.1, 1]]) * 40
    height = estimated_height([Drawing(to_points([stroke @ turn for stroke in line.strokes()]))])
    assert height == pytest.approx(40, rel=0.25)


def test_the_scale_is_that_of_the_file_if_it_names_one() -> None:
    drawing = Drawing(to_points([np.array([[0.0, 0], [0, 30]])]))
    (even,) = made_even([drawing], Evenness(30.0), spacing=0.25)
    np.testing.assert_allclose(even.points, [[0, 0, 0], [0, 0.25, 0], [0, 0.25, 0], [0, 0.25, 0], [0, 0.25, 1]])


def test_points_stay_if_they_are_even_or_if_they_are_asked_to() -> None:
    drawing = Drawing(to_points([np.array([[0.0, 0], [0, 30], [0, 31]])]))
    for evenness, spacing in ((Evenness(10.0, even=True), 0.25), (Evenness(10.0), 0)):
        (same,) = made_even([drawing], evenness, spacing)
        np.testing.assert_allclose(same.points * (10, 10, 1), drawing.points)


def test_without_ink_there_is_a_height_all_the_same() -> None:
    assert estimated_height([]) == estimated_height([Drawing(np.zeros((0, 3)))]) == 1
    assert estimated_height([Drawing(to_points([np.zeros((1, 2))]))]) == 1
