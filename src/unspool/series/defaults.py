"""Settings of a forecaster where a person gave none; each is beneath what is given.

Quantiles assume no shape, and learn what a pinball loss measures. A network that is fed its own medians in training, as
it is in forecasting, writes the quantiles of each step itself, and not those of a step after one that is known. The
weights are those with the least error of the medians.
"""

from __future__ import annotations

from typing import Any

# The minutes of a training that nothing else limits.
MINUTES = 3.0
LIMITS = {"epochs", "max_updates", "max_minutes"}
SETTINGS: dict[str, dict[str, Any]] = {
    "model": {"density": "quantiles", "size": 128},
    "training": {"feeding": "free", "metric": "mae", "batch_symbols": 2048},
}
