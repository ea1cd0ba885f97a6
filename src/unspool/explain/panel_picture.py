"""Heat maps as one PNG: a row for each layer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from unspool.explain.panels import HeatMap, PanelRow, Texts
from unspool.explain.pictures import labels, new_figure, save, shortened, signed_colours
from unspool.visible import visible

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Inches of a named row or column, the least and the most of a map, and the most of a whole picture.
NAMED, LEAST, MOST, WHOLE = 0.24, 1.5, 6.0, 40.0
# The most names that can be read beside a map of that size, and the height of a map of units.
NAMES, UNITS = 60, 1.6
# Around a map, and above each row.
BESIDE, ABOVE = 0.9, 0.9


def panel_picture(rows: Sequence[PanelRow], title: str, language: str, out: Path) -> list[str]:
    """Write it; returns messages about fonts."""
    across = max(len(row.maps) for row in rows)
    widths = [max(_width(row.maps[place]) for row in rows if len(row.maps) > place) for place in range(across)]
    heights = [max(map(_height, row.maps)) for row in rows]
    size = sum(widths) + BESIDE * across, sum(heights) + ABOVE * len(rows) + 0.4
    shrunk = min(1.0, WHOLE / max(size))
    figure, first = new_figure((size[0] * shrunk, size[1] * shrunk))
    first.remove()
    grid = figure.add_gridspec(len(rows), across, width_ratios=widths, height_ratios=heights)
    figure.suptitle(shortened(visible(title), size[0] * shrunk), fontsize=13, parse_math=False)
    for place, row in enumerate(rows):
        for beside, one in enumerate(row.maps):
            _draw(figure.add_subplot(grid[place, beside]), one, row.title if beside == 0 else None, language)
    return save(figure, out)


def _draw(axes: Axes, one: HeatMap, row: Texts | None, language: str) -> None:
    colours, low = (signed_colours(), -1) if one.signed else ("Blues", 0)
    axes.imshow(one.shades, cmap=colours, vmin=low, vmax=1, aspect="auto", interpolation="nearest")
    title = one.title[language] if row is None else f"{row[language]}\n{one.title[language]}"
    axes.set_title(title, fontsize=10, loc="left", parse_math=False)
    axes.tick_params(length=0, labelsize=9)
    axes.spines[:].set_color("#c8d0d8")
    columns = labels(one.columns)
    if len(columns) <= NAMES:
        slanted = 60 if any(len(name) > 3 for name in columns) else 0
        axes.set_xticks(range(len(columns)), columns, parse_math=False, rotation=slanted)
    else:
        axes.set_xticks([])
    if one.of_units or len(one.rows) > NAMES:
        axes.set_yticks([])
    else:
        axes.set_yticks(range(len(one.rows)), labels(one.rows), parse_math=False)
    if one.split:
        axes.axvline(one.split - 0.5, color="#66727e", linewidth=1)


def _width(one: HeatMap) -> float:
    return max(LEAST, min(MOST, len(one.columns) * NAMED))


def _height(one: HeatMap) -> float:
    return UNITS if one.of_units else max(0.4, min(MOST, len(one.rows) * NAMED))
