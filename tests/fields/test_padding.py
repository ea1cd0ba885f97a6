"""Ragged arrays side by side."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from unspool.fields.padding import cut_flat, flatten, keep_flat, pad

ROWS = st.lists(st.lists(st.integers(0, 300), max_size=9), max_size=12)


@given(ROWS)
def test_what_is_padded_is_there_and_the_rest_is_zero(rows: list[list[int]]) -> None:
    found = pad([np.array(row, dtype=np.int64) for row in rows])
    assert found.values.shape == (len(rows), max([1, *map(len, rows)])) and found.values.dtype == np.int64
    for row, padded, length in zip(rows, found.values, found.lengths, strict=True):
        assert padded[:length].tolist() == row and not padded[length:].any()


def test_values_are_padded_with_zeros_too() -> None:
    found = pad([np.ones((2, 3)), np.ones((1, 3))])
    assert found.values.shape == (2, 2, 3) and found.values.dtype == np.float32
    assert found.values[1, 1].tolist() == [0, 0, 0] and found.lengths.tolist() == [2, 1]


@given(ROWS, st.integers(0, 6))
def test_cutting_many_is_cutting_each(rows: list[list[int]], most: int) -> None:
    cut, whole = cut_flat(flatten(rows), most)
    assert cut.lengths.tolist() == [len(row[:most]) for row in rows]
    assert cut.values.tolist() == [number for row in rows for number in row[:most]]
    assert whole.tolist() == [len(row) <= most for row in rows]


@given(st.lists(st.tuples(st.booleans(), st.lists(st.integers(0, 9), max_size=4)), max_size=9))
def test_keeping_some_keeps_them_whole_and_in_order(rows: list[tuple[bool, list[int]]]) -> None:
    flat = keep_flat(flatten([row for _, row in rows]), np.array([kept for kept, _ in rows], dtype=bool))
    assert flat.lengths.tolist() == [len(row) for kept, row in rows if kept]
    assert flat.values.tolist() == [number for kept, row in rows if kept for number in row]
