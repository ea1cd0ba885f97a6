"""Tables of series: the formats, and one line for each thing that can be wrong."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pytest

from unspool.errors import Mistake
from unspool.series.reading import read_series
from unspool.series.series import SeriesTable

DAYS = [f"2024-01-{day:02}" for day in range(1, 11)]


def table(rows: str, tmp_path: Path, header: str = "unique_id,ds,y", **options: object) -> SeriesTable:
    path = tmp_path / "series.csv"
    path.write_text(f"{header}\n{rows.replace(' ', chr(10))}\n")
    return read_series(path, **options)  # type: ignore[arg-type]


def test_a_long_table_has_a_series_for_each_name_and_steps_without_a_row_are_missing(tmp_path: Path) -> None:
    found = table("b,2024-01-01,1 b,2024-01-02,2 b,2024-01-04,4 a,2024-01,5 a,2024-02,6", tmp_path)
    assert [series.name for series in found.series] == ["b", "a"]
    assert found.series[0].values.tolist()[:2] == [1, 2] and np.isnan(found.series[0].values[2])
    assert [series.step.name for series in found.series] == ["day", "month"]
    assert found.messages == ["1 series has 1 missing step, most of them 'b' (1); see series.missing."]


def test_a_wide_table_is_ragged_to_the_right(tmp_path: Path) -> None:
    found = table("H1,3,4,5 H2,6,7, H3,8,,9 H4,1,,", tmp_path, "id,V1,V2,V3")
    assert [series.values.tolist() for series in found.series[:2]] == [[3, 4, 5], [6, 7]]
    assert np.isnan(found.series[2].values[1])
    assert found.messages[0] == "1 series has fewer than two values and left out: 'H4'."


@pytest.mark.parametrize("frame", [pd.DataFrame, pl.DataFrame, dict])
def test_frames_are_read_as_files_are(frame: type) -> None:
    data = frame({"ds": pd.date_range("2024-01-31", periods=3, freq="ME").tolist(), "y": [1.0, 2.5, 3.0]})
    (series,) = read_series(data).series
    assert series.values.tolist() == [1, 2.5, 3] and series.name == "series"
    assert str(series.stamps(3, 1)[0]) == "2024-04-30T00:00:00"


def test_covariates_are_of_the_past_unless_they_are_known_in_advance(tmp_path: Path) -> None:
    rows = "2024-01-01,1,10,5 2024-01-02,2,20,6 2024-01-03,,30,"
    found = table(rows, tmp_path, "ds,y,price,heat", known=["price"])
    (series,) = found.series
    assert (found.past, found.known) == (("heat",), ("price",))
    assert series.past.tolist() == [[5], [6]] and series.known.tolist() == [[10], [20], [30]]
    assert table(rows, tmp_path, "ds,y,price,heat", past=[], known=[]).past == ()


WRONG = {
    "empty": ("", "no series to learn from: Its series have fewer"),
    "one": ("a,2024-01-01,1", "'a' has fewer than two values"),
    "none": ("a,2024-01-01, a,2024-01-02,", "'a' has fewer than two values"),
    "repeated": ("a,2024-01-01,1 a,2024-01-01,2 a,2024-01-02,2", "'a' has two values at 2024-01-01"),
    "unsorted": ("a,2024-01-02,1 a,2024-01-01,2", "not in order: 2024-01-01 comes after 2024-01-02"),
    "irregular": (
        "a,2024-01-01,1 a,2024-01-02,2 a,2024-01-03,2 a,2024-01-03T07:00,2",
        "'a' is irregular: 1 of 4 time stamps are not whole steps of",
    ),
    "infinite": ("a,2024-01-01,1 a,2024-01-02,inf", "infinite number at 2024-01-02"),
    "text": ("a,2024-01-01,1 a,2024-01-02,high", "row 2: 'y' is 'high', which is no number"),
    "date": ("a,2024-01-01,1 a,3.1.2024,2", "row 2: the time stamp '3.1.2024' is no date"),
    "month": ("a,2024-01-01,1 a,2024-13-01,2", "row 2: the time stamp '2024-13-01' is no date"),
    "far": ("a,1,1 a,2,2 a,3,2 a,900000000,4", "4 rows for 899,999,999 steps of 1"),
}


@pytest.mark.parametrize(("rows", "message"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_named_in_one_line(rows: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(Mistake) as mistake:
        table(rows, tmp_path)
    assert message in mistake.value.what and "\n" not in mistake.value.what


def test_nan_is_a_missing_step_and_never_joined() -> None:
    found = read_series({"ds": DAYS, "y": [*range(4), float("nan"), *range(5)]})
    assert np.isnan(found.series[0].values).sum() == 1 and "1 missing step" in found.messages[0]


def test_a_missing_covariate_is_named(tmp_path: Path) -> None:
    with pytest.raises(Mistake, match="no value of the covariate 'price' at 2024-01-03"):
        table("2024-01-01,1,1 2024-01-02,2,2 2024-01-03,,", tmp_path, "ds,y,price", known=["price"])


def test_other_files_and_columns_are_refused_with_the_formats(tmp_path: Path) -> None:
    with pytest.raises(Mistake, match="no columns 'ds' and 'y': id, value"):
        table("a,1", tmp_path, "id,value")
    with pytest.raises(Mistake, match="There is no column 'heat'"):
        table("2024-01-01,1", tmp_path, "ds,y", known=["heat"])
    with pytest.raises(Mistake, match=r"'\.xlsx' of .* is not a format of tables"):
        read_series(tmp_path / "a.xlsx")


def test_a_parquet_file_has_dates_of_its_own(tmp_path: Path) -> None:
    times = pd.date_range("2024-01-01", periods=3, freq="h")
    pd.DataFrame({"ds": times, "y": [1.0, np.nan, 3.0]}).to_parquet(tmp_path / "a.parquet")
    (series,) = read_series(tmp_path / "a.parquet").series
    assert series.step.name == "hour" and series.values[::2].tolist() == [1, 3]


def test_other_formats_of_tables_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"ds": "2024-01-01", "y": 1.5}\n{"ds": "2024-01-02", "y": null}\n'
                                      '{"ds": "2024-01-03", "y": 3}\n')  # fmt: skip
    (tmp_path / "a.tsv").write_text("ds\ty\n1\t1.5\n2\t\n3\t3\n")
    for name in ("a.jsonl", "a.tsv"):
        (series,) = read_series(tmp_path / name).series
        assert series.values[::2].tolist() == [1.5, 3] and np.isnan(series.values[1])


@pytest.mark.parametrize("header", ["shop,date,sales", "unique_id,DS,Y", "가게,날짜,값"])
def test_a_long_table_with_other_names_says_which_it_needs(header: str, tmp_path: Path) -> None:
    path = tmp_path / "shop.csv"
    path.write_text(header + "\nnorth,2026-01-01,3\nnorth,2026-01-02,4\n")
    with pytest.raises(Mistake, match="has no columns 'ds' and 'y'"):
        read_series(path)
