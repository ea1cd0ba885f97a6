"""Rolling-origin evaluation, and rivals in the same table."""

from __future__ import annotations

import csv
import io

import numpy as np
import pytest

from unspool.errors import Mistake
from unspool.rivals.registry import FORECASTING, forecast_of
from unspool.series.forecast import LEVELS, Forecast, as_csv, as_json_objects, column_names, columns_of_forecasts
from unspool.series.judging import METRICS, figures_of, histories, rival_forecasts
from unspool.series.reading import read_series
from unspool.series.series import Series


def series(length: int = 96) -> Series:
    steps = np.arange(length)
    noise = np.random.default_rng(3).normal(size=length)
    values = 100 + 0.5 * steps + 10 * np.sin(2 * np.pi * steps / 12) + noise
    return read_series({"ds": steps, "y": values}).series[0]


def test_histories_end_before_what_came_and_roll_back() -> None:
    one = series()
    known, came = histories([one], 12, rolling=3, stride=6)
    assert [len(history) for history in known] == [84, 78, 72]
    assert came[1].tolist() == one.values[78:90].tolist()
    with pytest.raises(Mistake, match="No series has 200 steps without a gap"):
        histories([one], 200)


@pytest.mark.parametrize("name", FORECASTING)
@pytest.mark.parametrize("length", [2, 5, 14, 80])
def test_rivals_forecast_any_history_with_quantiles_in_order(name: str, length: int) -> None:
    for values in (series().values[:length], np.ones(length)):
        found = forecast_of(name)(values, 12, 7, LEVELS)
        assert found.shape == (7, len(LEVELS)) and np.isfinite(found).all() and (np.diff(found) >= 0).all()


def test_exponential_smoothing_follows_a_trend_that_the_seasonal_naive_forecast_does_not() -> None:
    known, came = histories([series()], 12, rolling=2)
    figures = {
        name: figures_of(known, came, rival_forecasts(forecast_of(name), known, [12, 12], 12), [12, 12])
        for name in FORECASTING
    }
    naive, smoothing = (figures[name].to_json() for name in FORECASTING)
    assert smoothing["mase"] < 0.7 * naive["mase"]
    assert set(METRICS) <= set(naive) and naive["interval"] == 90 and smoothing["coverage"] >= 80
    assert smoothing["mase_low"] <= smoothing["mase"] <= smoothing["mase_high"]


def test_forecasts_are_rows_of_a_table() -> None:
    quantiles = np.arange(22.0).reshape(2, 11)
    one = Forecast("a", np.array(["2024-01-01T00", "2024-01-01T01"], dtype="datetime64[s]"), quantiles)
    rows = list(csv.DictReader(io.StringIO(as_csv(columns_of_forecasts([one, one])))))
    assert len(rows) == 4 and list(rows[0]) == column_names()
    assert (rows[1]["ds"], rows[1]["q05"], rows[1]["q95"]) == ("2024-01-01 01:00:00", "11", "21")
    assert one.mean == pytest.approx([5, 16]) and one.median.tolist() == [5, 16]
    (listed,) = as_json_objects([one])
    assert listed["unique_id"] == "a" and listed["q50"] == [5, 16]


def test_a_missing_step_does_not_put_the_seasons_out_of_step() -> None:
    steps = np.arange(96)
    values = np.sin(2 * np.pi * steps / 12)
    values[70] = np.nan
    one = read_series({"ds": steps, "y": values}).series[0]
    known, came = histories([one], 12)
    naive = rival_forecasts(forecast_of("seasonal_naive"), known, [12], 12)
    assert np.abs(naive[0].median[:8] - came[0][:8]).max() < 1e-9
