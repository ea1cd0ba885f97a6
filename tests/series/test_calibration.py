"""Calibrated intervals hold the share that they promise, whatever the network thinks."""

from __future__ import annotations

import numpy as np
import pytest

from unspool.distributions.normal import normal_quantile
from unspool.errors import Mistake
from unspool.series.calibration import Calibration, calibrate
from unspool.series.forecast import LEVELS, MIDDLE
from unspool.types import Array


def overconfident(count: int, seed: int, factor: float) -> tuple[Array, Array]:
    """Quantiles `[N, 4, Q]` of normal errors that grow with the step, `factor` times as wide as is right."""
    random = np.random.default_rng(seed)
    spread = np.arange(1, 5) * random.uniform(0.5, 2, (count, 1))
    return factor * spread[..., None] * normal_quantile(LEVELS), spread * random.normal(size=(count, 4))


@pytest.mark.parametrize("factor", [0.3, 1.0, 4.0])
@pytest.mark.parametrize("count", [20, 400])
def test_each_quantile_holds_its_share_of_new_windows(factor: float, count: int) -> None:
    calibration = calibrate(*overconfident(count, 1, factor))
    quantiles, actual = overconfident(5000, 2, factor)
    shares = (actual[..., None] <= calibration.apply(quantiles)).mean(axis=(0, 1))
    assert shares == pytest.approx(LEVELS, abs=0.05 if count > 100 else 0.15)
    assert calibration.windows == count


def test_quantiles_stay_in_order_and_the_median_stays() -> None:
    random = np.random.default_rng(0)
    quantiles = np.sort(random.normal(size=(7, 3, len(LEVELS))), axis=-1)
    calibration = Calibration(random.uniform(0, 3, (3, len(LEVELS))), 7)
    moved = calibration.apply(quantiles)
    assert (np.diff(moved, axis=-1) >= 0).all()
    assert (moved[..., MIDDLE] == quantiles[..., MIDDLE]).all()
    assert calibration.apply(quantiles[:, :2]).shape == (7, 2, len(LEVELS))


def test_a_calibration_is_kept_and_a_damaged_one_is_named() -> None:
    calibration = calibrate(*overconfident(50, 1, 0.5))
    kept = Calibration.from_json(calibration.to_json())
    assert kept.factors == pytest.approx(calibration.factors, abs=1e-6)
    for damage in ({"factors": [[1.0]]}, {"factors": "no"}, {"levels": [0.1]}):
        with pytest.raises(Mistake, match="calibration of the intervals cannot be read"):
            Calibration.from_json(calibration.to_json() | damage)
