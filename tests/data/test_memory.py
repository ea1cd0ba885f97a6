"""Data from Python's memory: whatever form it has, the same columns and cells come out, or a clear mistake."""

from __future__ import annotations

import pathlib

import numpy as np
import pandas
import polars
import pytest

from unspool.data.memory import columns_of, examples_of_pairs, is_in_memory, pairs_of, sources_of
from unspool.errors import Mistake

COLUMNS = {"word": ["hello", "tear"], "sounds": ["HH AH", "T IH R"]}


@pytest.mark.parametrize(
    "given",
    [
        COLUMNS,
        pandas.DataFrame(COLUMNS),
        pandas.DataFrame(COLUMNS).set_index(pandas.Index([7, 9])),
        polars.DataFrame(COLUMNS),
        [dict(zip(COLUMNS, row, strict=True)) for row in zip(*COLUMNS.values(), strict=True)],
        {name: np.array(column) for name, column in COLUMNS.items()},
        {name: polars.Series(column) for name, column in COLUMNS.items()},
    ],
    ids=["dict", "pandas", "indexed", "polars", "dicts", "numpy", "series"],
)
def test_every_form_gives_the_same_columns(given: object) -> None:
    assert is_in_memory(given)
    assert columns_of(given) == COLUMNS
    assert pairs_of(given) is None


def test_pairs_with_several_right_answers_become_several_pairs() -> None:
    given = [("tear", ["T IH R", "T EH R"]), ["hello", "HH AH"]]
    assert pairs_of(given) == [("tear", "T IH R"), ("tear", "T EH R"), ("hello", "HH AH")]
    assert pairs_of(zip(*COLUMNS.values(), strict=True)) == [("hello", "HH AH"), ("tear", "T IH R")]
    (first, second), messages = examples_of_pairs([*pairs_of(given), ("", "x"), ("x", None)])  # type: ignore[misc]
    assert (first.source, first.references) == ("tear", ("T IH R", "T EH R"))
    assert second.line == 3 and "2 (the first: row 4)" in messages[0]


@pytest.mark.parametrize("path", ["a.tsv", pathlib.Path("a.tsv"), ["a.tsv", "b.tsv"], (pathlib.Path("a.tsv"),)])
def test_paths_are_no_data(path: object) -> None:
    assert not is_in_memory(path)


@pytest.mark.parametrize("series", [pandas.Series, polars.Series, list, np.array, iter])
def test_sources_come_from_anything_that_lists_them(series) -> None:
    assert sources_of(series(["ab", "c"])) == ["ab", "c"]


@pytest.mark.parametrize("missing", [None, float("nan"), np.nan, pandas.NA, pandas.NaT])
def test_a_missing_value_is_an_empty_cell(missing: object) -> None:
    assert sources_of(["a", missing]) == ["a", ""]


def test_numbers_are_cells_as_python_writes_them_and_truth_as_json_does() -> None:
    assert sources_of([12, 1.5, np.int64(3), np.str_("x"), True]) == ["12", "1.5", "3", "x", "true"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (5, "must be a list, not an int"),
        ([], "The data is empty"),
        ({}, "The data is empty"),
        (pandas.DataFrame({"a": []}), "The data is empty"),
        ([("a", "b"), ("c",)], "Row 2 is a tuple of 1"),
        ([("a", "b"), "cd"], "Row 2 is a str"),
        ([{"a": "b"}, {"c": "d"}], "Row 2 has no 'a'"),
        ([{"a": "b"}, 5], "Row 2 is an int"),
        ({"a": ["b"], "c": ["d", "e"]}, "Column 'a' has 1 cell, and 'c' 2"),
        ({"a": "b"}, "Column 'a' must be a list, not a str"),
        ({None: ["b"]}, "name of a column is a NoneType"),
    ],
)
def test_another_form_is_a_mistake_that_names_the_row(given: object, said: str) -> None:
    with pytest.raises(Mistake) as caught:
        columns_of(given)
    assert said in caught.value.what


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("hello", "got one text, 'hello'"),
        (pandas.DataFrame(COLUMNS), "got a DataFrame"),
        (COLUMNS, "got a dict"),
        (["a", b"b"], "Source 2 is a bytes"),
        (["a", "\ud800"], "half of a surrogate pair"),
        (["a", ["b"]], "Source 2 is a list"),
        (7, "not an int"),
    ],
)
def test_sources_of_another_type_are_a_mistake(given: object, said: str) -> None:
    with pytest.raises(Mistake) as caught:
        sources_of(given)
    assert said in caught.value.what
