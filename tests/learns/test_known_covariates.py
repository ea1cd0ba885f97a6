"""A forecaster learns what a covariate that is known in advance does, which no method without it can."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from unspool.forecasts import forecasting
from unspool.forecasts.evaluation import evaluate_forecaster
from unspool.forecasts.forecaster import load_forecaster
from unspool.series.series import SeriesTable

STEPS, TESTED = 240, 12


def sales() -> dict[str, list[object]]:
    """Four series that are 10 higher in each step of a promotion."""
    random = np.random.default_rng(0)
    columns: dict[str, list[object]] = {"unique_id": [], "ds": [], "y": [], "promotion": []}
    for name in "abcd":
        promotion = random.integers(0, 2, STEPS)
        columns["unique_id"] += [name] * STEPS
        columns["ds"] += range(STEPS)
        columns["y"] += (20 + 10 * promotion + random.normal(size=STEPS)).tolist()
        columns["promotion"] += promotion.tolist()
    return columns


def test_promotions_that_are_known_are_forecast(tmp_path: Path) -> None:
    values = {
        "series": {"horizon": 6, "known": "promotion", "season": "1", "windows": 600},
        "model": {"size": 24},
        "training": {"max_updates": 60, "learning_rate": 0.01, "validate_every": 30},
    }
    table = forecasting.read(sales(), values)
    known = SeriesTable([one.until(STEPS - TESTED) for one in table.series], table.past, table.known)
    silent = {"on_report": lambda report: None, "on_message": lambda message: None}
    forecasting.begin(known, tmp_path / "run", values, **silent)
    found = evaluate_forecaster(load_forecaster(tmp_path / "run"), table.series, rolling=2)
    mine, *others = (one.estimates["mase"].value for one in (found.figures, *found.rivals.values()))
    assert mine < 0.75 * min(others), (mine, others)
    assert found.verdict().startswith("The model is better than seasonal naive and exponential smoothing")
