"""Windows: their scale, their rows, and which of them are for training."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from unspool.config.series import SeriesConfig
from unspool.errors import Mistake
from unspool.series.calendar import FEATURES
from unspool.series.examples import completed, prepared, split_windows
from unspool.series.reading import read_series
from unspool.series.scaling import PathErrors, scale_of
from unspool.series.seasons import found_season, parse_seasons
from unspool.series.series import Series, SeriesTable
from unspool.series.shape import shape_of
from unspool.series.windows import number_of_features
from unspool.types import Array

CONFIG = SeriesConfig(horizon=12, season="12")


def monthly(values: Array, **covariates: Array) -> Series:
    months = np.arange(np.datetime64("2000-01"), np.datetime64("2000-01") + len(values))
    (series,) = read_series({"ds": months.astype(str), "y": values, **covariates}).series
    return series


def wave(length: int = 120, level: float = 50.0, size: float = 10.0) -> Array:
    noise = np.random.default_rng(0).normal(size=length)
    return level + size * (np.sin(2 * np.pi * np.arange(length) / 12) + 0.1 * noise)


def windows_of(series: Series, config: SeriesConfig = CONFIG) -> tuple[object, SeriesConfig]:
    config = completed(SeriesTable([series]), config)
    return prepared(series, config), config


def test_a_network_that_writes_zeros_is_the_seasonal_naive_forecast() -> None:
    values = wave()
    one, _ = windows_of(monthly(values))
    scale = one.window(108).scale  # type: ignore[attr-defined]
    assert scale.season == 12
    assert scale.restore(np.zeros(12)) == pytest.approx(values[96:108])


def test_what_is_written_is_undone_exactly_and_is_about_one() -> None:
    values = wave()
    one, _ = windows_of(monthly(values))
    scale = one.window(60).scale  # type: ignore[attr-defined]
    target = one.target(60, scale)  # type: ignore[attr-defined]
    assert scale.restore(target.ravel()) == pytest.approx(values[60:72], rel=1e-6)
    assert 0.3 < np.abs(target).mean() < 3


def test_level_and_size_of_a_series_do_not_change_what_a_network_reads() -> None:
    values = wave()
    one, other = (windows_of(monthly(series))[0] for series in (values, 1e6 * values - 3e7))
    for origin in (60, 100):
        left, right = (ready.window(origin).source for ready in (one, other))  # type: ignore[attr-defined]
        assert left == pytest.approx(right, rel=1e-3, abs=1e-3)


@pytest.mark.parametrize("values", [np.full(60, 7.0), np.zeros(60), np.r_[np.zeros(59), 1.0]])
def test_constant_series_have_finite_windows(values: Array) -> None:
    one, _ = windows_of(monthly(values))
    window = one.window(60)  # type: ignore[attr-defined]
    assert np.isfinite(window.source).all() and window.scale.error > 0 and np.abs(window.source).max() < 1e4


def test_rows_hold_blocks_of_history_and_of_the_future() -> None:
    count = 120
    series = monthly(wave(count), heat=np.arange(count), cold=np.arange(count))
    one, config = windows_of(series)
    shape = shape_of(config)
    window = one.window(100)  # type: ignore[attr-defined]
    assert (shape.block, shape.history, shape.blocks) == (12, 48, 1)
    assert window.source.shape == (5, number_of_features(12, 2, 0))
    assert window.source[:, 24].tolist() == [0, 0, 0, 0, 1], "whether it is the future"
    past = window.source[:, 26 + FEATURES :]
    assert past[3, 0] == 88 and not past[4].any(), "past covariates are not known in the future"


def test_known_covariates_reach_into_the_future_and_must_cover_it() -> None:
    count = 84
    months = np.arange(np.datetime64("2000-01"), np.datetime64("2000-01") + count + 12).astype(str)
    data = {"ds": months, "y": [*wave(count), *[None] * 12], "price": np.arange(count + 12)}
    table = read_series(data, known=["price"])
    config = completed(table, CONFIG)
    ready = prepared(table.series[0], config)
    assert ready.window(count).source[-1, -12:].tolist() == list(range(84, 96))
    short = replace(table.series[0], known=table.series[0].known[:90])
    with pytest.raises(Mistake, match="no covariates for 2007-07-01, which is in the forecast's horizon"):
        prepared(short, config).window(count)


def test_windows_never_cross_a_missing_step_unless_it_is_filled() -> None:
    values = wave()
    values[60] = np.nan
    series = monthly(values)
    one, config = windows_of(series)
    origins = one.origins()  # type: ignore[attr-defined]
    assert not ((origins > 48) & (origins < 85)).any() and origins.size
    with pytest.raises(Mistake, match="has 9 values after its last missing step, and a window needs 24"):
        one.window(70)  # type: ignore[attr-defined]
    filled = prepared(series, config.model_copy(update={"missing": "interpolate"}))
    assert filled.values[60] == pytest.approx((values[59] + values[61]) / 2)


def test_logarithms_need_positive_values() -> None:
    config = completed(SeriesTable([monthly(wave())]), CONFIG.model_copy(update={"log": True}))
    assert prepared(monthly(wave()), config).values == pytest.approx(np.log(wave()))
    with pytest.raises(Mistake, match="is -1 at 2000-03-01, which has no logarithm"):
        prepared(monthly(np.r_[1.0, 2.0, -1.0, wave()]), config)


def test_no_training_window_has_a_step_of_a_held_out_future() -> None:
    table = SeriesTable([monthly(wave(length)) for length in (120, 90, 40)])
    config = completed(table, CONFIG)
    split = split_windows(table, config)
    steps = shape_of(config).steps
    checked = (split.validation, split.calibration)
    assert all(len(part.sources) for part in (split.training, *checked))
    for number in range(3):
        held = [part.origins[part.series == number] for part in checked]
        first = min((own.min() for own in held if len(own)), default=10**6)
        used = split.training.origins[split.training.series == number]
        assert not len(used) or used.max() + steps <= first
    assert split.messages[0].startswith("1 series has no window of 24 + 12 steps before its held-out end")


def test_training_windows_are_limited_equally_for_all_series() -> None:
    table = SeriesTable([monthly(wave(length)) for length in (300, 300, 90)])
    split = split_windows(table, completed(table, CONFIG.model_copy(update={"windows": 60})))
    assert np.bincount(split.training.series).tolist() == [20, 20, 20]


def test_too_little_data_and_no_horizon_are_named() -> None:
    table = SeriesTable([monthly(wave(30))])
    with pytest.raises(Mistake, match="The longest series has 30 steps, and windows with a held-out part need 49"):
        split_windows(table, completed(table, CONFIG))
    with pytest.raises(Mistake, match="how far ahead"):
        completed(table, SeriesConfig())


def test_seasons_are_found_given_or_none() -> None:
    assert found_season(wave()) == (12,)
    assert found_season(np.random.default_rng(0).normal(size=200).cumsum()) == ()
    assert found_season(np.ones(50)) == ()
    assert parse_seasons("168,24") == (24, 168)
    with pytest.raises(Mistake, match="not 'daily'"):
        parse_seasons("daily")


def test_the_season_that_repeats_best_makes_the_path() -> None:
    values = np.tile(np.arange(7.0), 30)
    errors = PathErrors(values, (5, 7), 14)
    assert errors.best(0, 70) == (7, 0.0)
    scale = scale_of(values[:70], 7, 0.0, 14)
    assert scale.path.tolist() == [*range(7), *range(7)]


def test_gaps_of_covariates_are_bridged_with_those_of_the_values() -> None:
    steps = np.delete(np.arange(200), [50, 51, 120])
    columns = {"ds": steps, "y": np.sin(steps / 5.0), "price": steps * 1.0, "heat": steps % 7 * 1.0}
    table = read_series(columns, past=["price"], known=["heat"])
    config = completed(table, SeriesConfig(horizon=6, missing="interpolate"))
    windows = split_windows(table, config)
    assert all(np.isfinite(source).all() for source in windows.training.sources)
    one = prepared(table.series[0], config)
    assert one.series.past[50, 0] == 50.0 and np.isfinite(one.series.known).all()
