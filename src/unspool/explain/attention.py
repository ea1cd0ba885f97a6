"""Attention weights as a picture: source symbols across, output symbols down."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from unspool.errors import Mistake
from unspool.explain.captions import captions_for
from unspool.explain.panels import attention_limit
from unspool.explain.pictures import LETTER_INCHES, labels, new_figure, readable_on, save, shortened
from unspool.visible import visible

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from unspool.answers.answer import Prediction
    from unspool.types import Array

CELL_INCHES, WIDEST_INCHES = 0.5, 30.0
# A picture with more cells than this has no numbers in them, because they would be too small to read.
NUMBERED = 400


def heat_map(prediction: Prediction, path: Path) -> list[str]:
    """Write a PNG of the best answer: source symbols across, output symbols down, darker for larger weights.

    Returns messages for the user. Raises `Mistake` if the model has no attention.
    """
    answer = prediction.hypotheses[0]
    if answer.attention is None:
        raise Mistake("This model has no attention to show.", "See 'unspool models' for models with attention.")
    rows = labels([*answer.tokens, "</s>"][: len(answer.attention)])
    columns = labels(prediction.source_tokens)
    width, limit = _inches(len(columns)) + 2.2, attention_limit(answer.attention)
    figure, axes = new_figure((width, _inches(len(rows)) + 1.4))
    image = axes.imshow(answer.attention, cmap="Blues", vmin=0, vmax=limit, aspect="auto")
    # Symbols are text and no formulas, so a dollar sign is one.
    crowded = max(map(len, columns), default=0) * LETTER_INCHES > _inches(len(columns)) / max(1, len(columns))
    axes.set_xticks(range(len(columns)), columns, parse_math=False, rotation=90 if crowded else 0)
    axes.set_yticks(range(len(rows)), rows, parse_math=False)
    axes.xaxis.tick_top()
    axes.tick_params(length=0, labelsize=12)
    axes.spines[:].set_visible(False)
    texts = f"{prediction.source}  →  {answer.text}".replace("\t", "  ")  # of several columns
    axes.set_xlabel(shortened(visible(texts), width), fontsize=13, labelpad=10, parse_math=False)
    if len(rows) * len(columns) <= NUMBERED:
        _number(axes, answer.attention, limit)
    figure.colorbar(image, ax=axes, label=captions_for([prediction]).weight, fraction=0.05, pad=0.03)
    return save(figure, path)


def _inches(cells: int) -> float:
    return max(2.0, min(WIDEST_INCHES, cells * CELL_INCHES))


def _number(axes: Axes, weights: Array, limit: float) -> None:
    """Write the larger weights into their cells, with two decimals."""
    for y, row in enumerate(weights):
        for x, weight in enumerate(row):
            if weight >= 0.05:
                axes.text(x, y, f"{weight:.2f}"[1:] if weight < 0.995 else "1", ha="center", va="center",
                          fontsize=8, color=readable_on(weight / limit))  # fmt: skip
