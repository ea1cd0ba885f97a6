"""The recipe from start to end, on series small enough for a test, and its own data."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from screens import Watched
from unspool.errors import Mistake
from unspool.recipes import forecast
from unspool.recipes.registry import finished, recipe_of
from unspool.series.reading import read_series


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(forecast.SETTINGS, "model", {"size": 8})
    monkeypatch.setitem(forecast.SETTINGS, "training", {"max_updates": 5})


def test_its_series_are_known_and_regular() -> None:
    rows = list(forecast.known_series())
    names = [*dict.fromkeys(name for name, _, _ in rows)]
    assert len(names) == 14 and all(np.isfinite(value) for _, _, value in rows)
    assert ("sunspots", "1700-01-01", 5.0) in rows and ("nile", "1871-01-01", 1120.0) in rows


def test_own_series_are_trained_evaluated_forecast_and_drawn(small: None, tmp_path: Path) -> None:
    data, out = tmp_path / "own.csv", tmp_path / "out"
    months = np.arange(np.datetime64("2010-01"), np.datetime64("2020-01"))
    values = 20 + 5 * np.sin(np.arange(120) * np.pi / 6)
    data.write_text("ds,y\n" + "".join(f"{month}-01,{value}\n" for month, value in zip(months, values, strict=True)))
    shown = recipe_of("forecast", data)(out, None, Watched())
    assert "seasonal naive" in shown and "intervals hold" in shown and "MASE" in shown
    figures = json.loads((out / "evaluation.json").read_text())
    assert figures["n"] > 1 and "exponential_smoothing" in figures["rivals"]
    assert (out / "forecast.png").exists() and (out / "forecast.csv").read_text().startswith("unique_id,ds,mean,q05")
    assert finished("forecast", out) == shown


def test_series_too_short_to_learn_and_test_are_left_out_and_all_of_them_a_mistake(tmp_path: Path) -> None:
    long = "".join(f"long,{number},{number % 3}\n" for number in range(60))
    series = read_series(_written(tmp_path, f"unique_id,ds,y\nshort,1,2\nshort,2,3\n{long}")).series
    said: list[str] = []
    assert [one.name for one in forecast.long_enough(series, 12, said.append)] == ["long"]
    assert said[0].startswith("1 series has fewer than the 24 steps")
    with pytest.raises(Mistake, match="The longest series has 2 steps"):
        recipe_of("forecast", _written(tmp_path, "id,when,value\na,1,2\n"))(tmp_path / "out", None, Watched())


def _written(folder: Path, text: str) -> Path:
    path = folder / "series.csv"
    path.write_text(text)
    return path


def test_its_horizon_follows_the_season() -> None:
    months = read_series({"ds": ["2020-01", "2020-02", "2020-03"], "y": [1, 2, 3]}).series
    years = read_series({"ds": [1, 2, 3], "y": [1, 2, 3]}).series
    assert (forecast.horizon_of(months), forecast.horizon_of(years)) == (12, 12)
    assert forecast.tested_steps(100, 12) == 27 and forecast.tested_steps(60, 12) == 18
