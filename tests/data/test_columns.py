from __future__ import annotations

import pytest

from unspool.data.columns import Column, Columns, parse_columns, resolve
from unspool.errors import Mistake


def test_a_specification_names_columns_and_their_tokenizers() -> None:
    assert parse_columns("source=1:chars+2:tags,target=3:chars") == Columns(
        (Column("1", "chars"), Column("2", "tags")), (Column("3", "chars"),)
    )


def test_the_sides_may_come_in_any_order_without_tokenizers() -> None:
    assert parse_columns("target=1, source=2") == Columns((Column("2"),), (Column("1"),))


def test_the_target_may_be_left_out() -> None:
    assert parse_columns("source=text").target is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1,2",
        "source=1,goal=2",
        "target=1",
        "source=1,source=2,target=3",
        "source=,target=1",
        "source=1:,target=2",
        "source=:chars",
    ],
)
def test_a_wrong_specification_names_the_flag_and_shows_an_example(text: str) -> None:
    with pytest.raises(Mistake) as mistake:
        parse_columns(text)
    assert "--columns" in mistake.value.what and "Example: --columns" in mistake.value.remedy


def test_two_columns_are_source_and_target_in_order() -> None:
    assert resolve(None, ["q", "a"], "x.csv") == Columns((Column("q"),), (Column("a"),))


def test_more_columns_than_two_are_a_mistake_that_names_them_and_the_flag() -> None:
    with pytest.raises(Mistake, match=r"q, a, label.*--columns source=q,target=a"):
        resolve(None, ["q", "a", "label"], "x.csv")


def test_an_unknown_column_names_the_nearest() -> None:
    with pytest.raises(Mistake, match="Did you mean 'question'"):
        resolve(parse_columns("source=questoin,target=answer"), ["question", "answer"], "x.csv")


def test_a_number_stands_for_a_named_column_unless_a_name_is_that_number() -> None:
    asked = parse_columns("source=2,target=1:chars")
    assert resolve(asked, ["q", "a"], "x.csv") == Columns((Column("a"),), (Column("q", "chars"),))
    assert resolve(asked, ["2", "1"], "x.csv") == asked


@pytest.mark.parametrize("name", ["0", "3", "-1"])
def test_a_number_outside_the_table_is_unknown(name: str) -> None:
    with pytest.raises(Mistake, match=f"no column '{name}'"):
        resolve(parse_columns(f"source={name},target=1"), ["1", "2"], "x.tsv")
