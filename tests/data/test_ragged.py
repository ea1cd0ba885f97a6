from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unspool.data.ragged import Ragged, RaggedBuilder
from unspool.fields.padding import Flat, flatten, pad

ROWS = st.lists(st.lists(st.integers(0, 300), max_size=9), max_size=12)


def built(rows: list[list[int]], symbols: int = 301) -> Ragged:
    builder = RaggedBuilder(np.min_scalar_type(symbols - 1))
    for some in (rows[: len(rows) // 2], rows[len(rows) // 2 :]):
        builder.extend(flatten(some))
    return builder.build()


@settings(deadline=None, max_examples=50)
@given(ROWS)
def test_what_goes_in_comes_out(rows: list[list[int]]) -> None:
    ragged = built(rows)
    assert [ragged[number].tolist() for number in range(len(ragged))] == rows
    assert ragged.lengths().tolist() == [len(row) for row in rows]


@settings(deadline=None, max_examples=50)
@given(ROWS.filter(bool), st.data())
def test_padding_any_choice_of_rows_equals_padding_them_one_by_one(rows: list[list[int]], data: st.DataObject) -> None:
    indices = data.draw(st.lists(st.integers(0, len(rows) - 1), min_size=1, max_size=20))
    found = built(rows).padded(np.array(indices))
    expected = pad([np.array(rows[index], dtype=np.int64) for index in indices])
    assert found.values.dtype == found.lengths.dtype == np.int64
    np.testing.assert_array_equal(found.values, expected.values)
    np.testing.assert_array_equal(found.lengths, expected.lengths)


def test_real_values_are_rows_too() -> None:
    rows = [np.random.default_rng(length).normal(size=(length, 3)).astype(np.float32) for length in (2, 1, 4)]
    builder = RaggedBuilder(np.dtype(np.float32), (3,))
    builder.extend(Flat(np.concatenate(rows), np.array([len(row) for row in rows])))
    ragged, expected = builder.build(), pad([rows[2], rows[0]])
    assert all(np.array_equal(ragged[number], row) for number, row in enumerate(rows))
    found = ragged.padded(np.array([2, 0]))
    assert found.values.dtype == np.float32 and found.lengths.tolist() == [4, 2]
    np.testing.assert_array_equal(found.values, expected.values)


@pytest.mark.parametrize(("symbols", "size"), [(4, 1), (256, 1), (257, 2), (65536, 2), (65537, 4)])
def test_ids_take_the_smallest_type_that_fits(symbols: int, size: int) -> None:
    ragged = built([[symbols - 1]], symbols)
    assert ragged.values.itemsize == size and ragged[0][0] == symbols - 1


@pytest.mark.parametrize("number", [-1, 1])
def test_a_sequence_that_is_not_there_is_an_index_error(number: int) -> None:
    with pytest.raises(IndexError):
        built([[1]])[number]
