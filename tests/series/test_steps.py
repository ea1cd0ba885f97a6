"""Steps between values: found in time stamps, and continued into the future."""

from __future__ import annotations

import numpy as np
import pytest

from unspool.series.calendar import FEATURES, time_features
from unspool.series.stamps import shown, stamps_of
from unspool.series.steps import step_of
from unspool.types import Array


def dates(text: str) -> Array:
    return np.array(text.split(), dtype="datetime64[s]")


@pytest.mark.parametrize(
    ("stamps", "name", "seasons", "following"),
    [
        (dates("2024-01-01T00 2024-01-01T01 2024-01-01T02"), "hour", (24, 168), "2024-01-01 03:00:00"),
        (dates("2024-01-01T00:00 2024-01-01T00:30"), "30 minutes", (48, 336), "2024-01-01 01:00:00"),
        (dates("2024-02-27 2024-02-28"), "day", (7,), "2024-02-29"),
        (dates("2023-12-24 2023-12-31"), "week", (52,), "2024-01-07"),
        (dates("2023-12-31 2024-01-31"), "month", (12,), "2024-02-29"),
        (dates("2024-02-29 2024-03-31"), "month", (12,), "2024-04-30"),
        (dates("2024-01-01 2024-04-01"), "quarter", (4,), "2024-07-01"),
        (dates("1700-06-30 1701-06-30"), "year", (), "1702-06-30"),
        (np.array([1700, 1701]), "1", (), "1702"),
        (np.array([0, 5, 10]), "5", (), "15"),
    ],
)
def test_the_step_its_seasons_and_what_comes_next(stamps: Array, name: str, seasons: object, following: str) -> None:
    step = step_of(stamps)
    assert step is not None and (step.name, step.seasons) == (name, seasons)
    assert step.positions(stamps).tolist() == list(range(len(stamps)))
    assert step.stamps(stamps[0], np.arange(len(stamps))).tolist() == stamps.tolist()
    assert shown(step.stamps(stamps[0], np.array([len(stamps)]))[0]) == following


def test_a_missing_step_does_not_change_the_step() -> None:
    stamps = dates("2024-01-01 2024-01-02 2024-01-05 2024-01-06")
    step = step_of(stamps)
    assert step is not None and step.positions(stamps).tolist() == [0, 1, 4, 5]
    assert step_of(stamps[:1]) is None


def test_cells_are_whole_numbers_or_dates() -> None:
    assert stamps_of(["1700", " 1701"]).dtype == np.int64
    assert stamps_of(["2024-01", "2024-02"]).tolist() == dates("2024-01-01 2024-02-01").tolist()
    assert stamps_of(["2024-01-01 05:06:07.123"]).tolist() == dates("2024-01-01T05:06:07").tolist()


def test_midnight_is_near_to_23_and_turns_no_longer_than_a_step_are_zero() -> None:
    hours = dates("2024-01-01T00 2024-01-01T23 2024-01-01T12")
    features = time_features(hours, 3600)
    assert features.shape == (3, FEATURES)
    assert not features[:, :2].any() and features[:, 2:6].any()
    near, far = (np.linalg.norm(features[0, 2:4] - features[row, 2:4]) for row in (1, 2))
    assert near < 0.3 < far
    assert not time_features(np.arange(3), 1).any()
