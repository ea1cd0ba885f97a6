"""Ink: points are scaled and scaled back, a target's last point is an end, and what is no ink is told in one line."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from unspool.config import DataConfig
from unspool.errors import Mistake
from unspool.fields.field import ColumnData
from unspool.fields.ink import InkField
from unspool.fields.padding import cut_flat
from unspool.fields.registry import fit_fields, read_field
from unspool.types import Array, Ink, Task

FIRST = np.array([[0, 0, 0], [12, -3, 1], [4, 40, 0], [5, 6, 1]], dtype=np.int16)
SECOND = np.array([[1.5, 2.0, 0.0], [-3.0, 8.0, 1.0]])
CONFIG = DataConfig()


def column(*drawings: Any) -> ColumnData:
    return ColumnData(lambda: drawings, lambda: drawings)


def field(side: Any = "target") -> InkField:
    fitted = InkField.fit([column(FIRST, SECOND)], CONFIG, side).field
    assert isinstance(fitted, InkField)
    return fitted


@pytest.mark.parametrize("drawing", [FIRST, SECOND])
def test_points_come_back_as_they_were(drawing: Array) -> None:
    one = field()
    decoded = one.decode(one.end(one.encode(drawing)))
    assert decoded.values is not None and len(decoded.tokens) == len(drawing)
    np.testing.assert_allclose(decoded.values, drawing, atol=1e-4)


def test_steps_have_mean_0_and_deviation_1_and_the_pen_is_as_it_is() -> None:
    encoded = np.concatenate([field().encode(FIRST), field().encode(SECOND)])
    np.testing.assert_allclose(encoded[:, :2].mean(0), 0, atol=1e-6)
    np.testing.assert_allclose(encoded[:, :2].std(0), 1, atol=1e-6)
    assert encoded[:, 2].tolist() == [0, 1, 0, 1, 0, 1] and encoded.dtype == np.float32


def test_the_last_point_of_a_target_is_the_end_unless_it_was_cut() -> None:
    one = field()
    assert one.end(one.encode(FIRST))[:, 2].tolist() == [0, 1, 0, 2]
    assert field("source").end(one.encode(FIRST))[:, 2].tolist() == [0, 1, 0, 1]
    encoded, cut = one.truncate_many(one.encode_many([FIRST, SECOND]), 3)
    (flat,) = encoded.parts
    assert flat.values[:, 2].tolist() == [0, 1, 0, 0, 2] and cut == 1
    empty, _ = one.truncate_many(one.encode_many(["", SECOND]), 3)
    assert empty.parts[0].values[:, 2].tolist() == [0, 2] and cut_flat(empty.parts[0], 9)[1].all()


def test_a_point_that_was_written_while_the_pen_is_down_is_lifted_at_the_end() -> None:
    written = field().decode(np.array([[0.0, 0.0, 0.0], [0.1, 0.2, 0.0]])).values
    assert written is not None and written[:, 2].tolist() == [0, 1]


def test_it_is_kept_in_json() -> None:
    one = field()
    again = read_field(one.to_json(), ["ink"], CONFIG, "target")
    assert isinstance(again, InkField) and again.ends and again.to_json() == one.to_json()
    np.testing.assert_array_equal(again.encode(FIRST), one.encode(FIRST))
    assert again.dimension == Ink() and "ink" in again.summary
    with pytest.raises(Mistake, match="dx and of dy"):
        InkField.from_json(one.to_json() | {"mean": [0.0], "deviation": [1.0]}, CONFIG, "target")


def test_a_drawing_that_is_continued_has_one_scale_on_both_sides() -> None:
    nothing = np.zeros((0, 3))
    fields, _ = fit_fields(Task("ink", "ink"), [column(nothing, nothing)], [column(FIRST, SECOND)], CONFIG)
    assert fields.one_vocabulary() and fields.target.ends and not fields.source.ends
    assert len(fields.source.encode("")) == 0


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("hello", "got the text 'hello'"),
        ([1, 2], "got a list"),
        (np.zeros((4, 2)), r"three numbers a point, and got an array of shape \(4, 2\)"),
        (np.zeros(3), "three numbers"),
        (np.array([["a", "b", "c"]]), "three numbers"),
        (np.array([[0.0, 0.0, 0.0], [1.0, np.nan, 0.0]]), "row 1 is .* not finite"),
        (np.array([[np.inf, 0.0, 0.0]]), "not finite"),
        (np.array([[0.0, 0.0, 0.0], [1.0, 1.0, 2.0]]), "neither down nor up: point 1 has 2"),
        (np.array([[0.0, 0.0, 0.3]]), "neither down nor up: point 0 has 0.3"),
        (np.array([[0.0, 0.0, -1.0]]), "neither down nor up"),
    ],
)
def test_what_is_no_ink_is_told_in_one_line(given: Any, told: str) -> None:
    with pytest.raises(Mistake, match=told) as caught:
        field().encode(given)
    assert "\n" not in caught.value.what and caught.value.remedy


def test_there_must_be_a_point_to_learn_from() -> None:
    with pytest.raises(Mistake, match="no point of ink"):
        InkField.fit([column(np.zeros((0, 3)))], CONFIG, "target")


def test_an_excerpt_counts_strokes_and_points() -> None:
    assert field().excerpt(FIRST) == "2 strokes, 4 points" and field().excerpt("") == "0 strokes, 0 points"


def test_likelihoods_are_on_the_scale_of_the_data() -> None:
    one = field()
    expected = len(FIRST) * np.log(np.concatenate([FIRST, SECOND])[:, :2].std(0)).sum()
    assert one.log_volume(one.encode(FIRST)) == pytest.approx(expected)
    assert one.metrics([]) == (["nll", "nll_per_sequence"], "nll")
