from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from drawn import TWO
from unspool.ink.drawing import arc_lengths, to_points, to_strokes

places = st.tuples(st.floats(-1e4, 1e4), st.floats(-1e4, 1e4))
strokes = st.lists(st.lists(places, min_size=1, max_size=5), max_size=4)


@given(strokes)
@settings(max_examples=30)
def test_points_give_their_strokes_back_up_to_where_they_start(given: list) -> None:
    arrays = [np.array(stroke) for stroke in given]
    back = to_strokes(to_points(arrays))
    assert [len(stroke) for stroke in back] == [len(stroke) for stroke in arrays]
    for stroke, other in zip(arrays, back, strict=True):
        np.testing.assert_allclose(other + arrays[0][0], stroke, atol=1e-8)


def test_the_pen_is_lifted_after_each_stroke_and_nowhere_else() -> None:
    points = to_points(TWO)
    assert points.tolist() == [[0, 0, 0], [3, 4, 0], [3, -4, 1], [4, 1, 0], [0, 4, 1]]


def test_nothing_drawn_has_no_points() -> None:
    assert to_points([]).shape == (0, 3)
    assert to_strokes(np.zeros((0, 3))) == []
    assert arc_lengths([]).shape == (0,)


def test_ink_that_ends_with_the_pen_down_keeps_its_last_stroke() -> None:
    assert [len(stroke) for stroke in to_strokes(np.array([[0, 0, 1], [1, 1, 0], [1, 1, 0]]))] == [1, 2]
