"""How far back kinds of network remember: their answers, and the gradients behind them, over the distance."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from unspool.explain.memory import memory_curve
from unspool.model import Model
from unspool.story.marked_letters import LETTERS, LONGEST, at_distances
from unspool.story.tables import ASKED

# Sources for each distance, distances that share a point, and sources whose gradients are averaged.
EACH, TOGETHER, WITH_GRADIENTS = 12, 3, 30


def find_forgetting(models: Mapping[str, Model], count: Callable[[int], object]) -> dict[str, Any]:
    """By the names of networks: right answers in percent by distance, and curves of gradients."""
    asked = at_distances(EACH, ASKED)
    sources = [one.source for one in asked[:: max(1, len(asked) // WITH_GRADIENTS)]]
    found: dict[str, Any] = {
        "letters": len(LETTERS),
        "length": LONGEST + 1,
        "many": LONGEST - TOGETHER,
        "chance": round(100 / len(LETTERS), 1),
    }
    for name, model in models.items():
        answers = model.predict([one.source for one in asked], on_done=lambda done: None)
        right = np.array([answer.text == one.letter for answer, one in zip(answers, asked, strict=True)])
        distances = np.array([one.distance for one in asked])
        curve = memory_curve(name, model.predictor, sources, count)
        found[name] = {
            "right": round(100 * float(right.mean()), 1),
            "near": _share(right[distances < TOGETHER]),
            "far": _share(right[distances >= LONGEST - TOGETHER]),
            "by_distance": [
                [begin + (TOGETHER - 1) / 2, _share(right[(distances >= begin) & (distances < begin + TOGETHER)])]
                for begin in range(0, LONGEST, TOGETHER)
            ],
            "gradients": [[distance, float(f"{length:.3g}")] for distance, length in curve.points],
            "fallen": float(f"{curve.points[0][1] / max(curve.points[-1][1], 1e-30):.3g}"),
        }
    return found


def _share(right: Any) -> float:
    return round(100 * float(np.mean(right)), 1)
