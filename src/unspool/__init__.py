"""Unspool: sequence-to-sequence models.

    import unspool
    model = unspool.train("pairs.tsv", model="luong", out="runs/mine")  # or a data frame, or a list of pairs
    model = unspool.load("runs/mine")
    model.predict(["hello"], beam=5)

A name is loaded when it is first used, so importing the package is fast.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from unspool.answers.answer import Prediction
    from unspool.api import evaluate, train
    from unspool.errors import Mistake
    from unspool.forecasts.forecaster import load_forecaster
    from unspool.forecasts.forecasting import train_forecaster
    from unspool.model import Model, load

__version__ = "0.1.0"
__all__ = ["Mistake", "Model", "Prediction", "evaluate", "load", "load_forecaster", "train", "train_forecaster"]

_MODULES = {
    "Mistake": "unspool.errors",
    "Model": "unspool.model",
    "Prediction": "unspool.answers.answer",
    "evaluate": "unspool.api",
    "load": "unspool.model",
    "load_forecaster": "unspool.forecasts.forecaster",
    "train": "unspool.api",
    "train_forecaster": "unspool.forecasts.forecasting",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module 'unspool' has no attribute '{name}'")
    return getattr(importlib.import_module(_MODULES[name]), name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
