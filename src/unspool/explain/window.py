"""The window over a text as a picture: which letter was written at each point of the pen (Graves 2013, figure 12)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from unspool.errors import Mistake
from unspool.explain.pictures import labels, new_figure, save
from unspool.types import Array

if TYPE_CHECKING:
    from unspool.answers.answer import Prediction

# Letters of a picture; more could not be read.
MOST_LETTERS = 60


def window_of(prediction: Prediction, path: Path) -> list[str]:
    """Write a PNG of the best answer, which is ink; a model without a window is a `Mistake`."""
    answer = prediction.hypotheses[0]
    if answer.attention is None or answer.values is None:
        raise Mistake("This model has no window over a text to show.", "See 'unspool describe synthesis'.")
    return window_picture(prediction.source_tokens, answer.attention, answer.values, path)


def window_picture(letters: list[str], weights: Array, points: Array, path: Path) -> list[str]:
    """Write a PNG: the weights `[T, S]`, time to the right, and below them the ink `[T, 3]`; messages as of `save`."""
    shown = min(len(letters), MOST_LETTERS)
    figure, upper = new_figure((min(14.0, 4 + len(points) / 90), 2.0 + 0.2 * shown))
    upper.remove()
    grid = figure.add_gridspec(2, 1, height_ratios=(0.2 * shown, 1.2))
    upper = figure.add_subplot(grid[0])
    lower = figure.add_subplot(grid[1], sharex=upper)
    upper.imshow(weights[:, :shown].T, aspect="auto", cmap="Blues", vmin=0, interpolation="nearest")
    upper.set_yticks(range(shown), labels(letters[:shown]))
    upper.tick_params(labelbottom=False)
    heights = np.cumsum(points[:, 1])
    ends = np.flatnonzero(points[:, 2] > 0.5) + 1
    for stroke in np.split(np.arange(len(points)), ends):
        lower.plot(stroke, heights[stroke], color="#274060", linewidth=1.2, marker="." if len(stroke) == 1 else "")
    lower.invert_yaxis()
    lower.set_yticks([])
    lower.set_xlabel("points of the pen, in the order of writing")
    return save(figure, path)
