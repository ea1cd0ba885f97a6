"""The slopes of the curves, their table, and their picture."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.growth.axes import AXES

Point = dict[str, Any]
FIGURES = {"seconds": "processor seconds", "mib": "MiB above the idle process"}
NOISE = {"seconds": 1e-4, "mib": 1.0}


def curves(points: list[Point]) -> Iterator[tuple[str, str, list[Point]]]:
    """Axis, model and their points in order."""
    for axis, model in dict.fromkeys((point["axis"], point["model"]) for point in points):
        yield axis, model, [point for point in points if (point["axis"], point["model"]) == (axis, model)]


def slope(curve: list[Point], figure: str) -> float | None:
    """The slope of the upper half of a curve on logarithmic scales: 1 if twice the value needs twice as much."""
    upper = [point for point in curve[(len(curve) - 1) // 2 :] if point[figure] > NOISE[figure]]
    if len(upper) < 2:
        return None
    values, figures = (np.log([point[name] for point in upper]) for name in ("value", figure))
    return float(np.polyfit(values, figures, 1)[0])


def table(points: list[Point]) -> str:
    """A row for each curve, with the figures at its ends and the slopes, as Markdown."""
    lines = [
        "| axis | model | from | to | processor seconds | slope | expected | MiB above idle | slope | expected |",
        "| --- | --- | ---: | ---: | ---: | ---: | --- | ---: | ---: | --- |",
    ]
    for name, model, curve in curves(points):
        first, last, axis = curve[0], curve[-1], AXES[name]
        cells = [name, model, f"{first['value']:,}", f"{last['value']:,}"]
        cells += [f"{first['seconds']:.4g} to {last['seconds']:.4g}", _shown(slope(curve, "seconds")), axis.time]
        cells += [f"{first['mib']:,.0f} to {last['mib']:,.0f}", _shown(slope(curve, "mib")), axis.memory]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def picture(points: list[Point], path: Path) -> None:
    """A column for each axis: time above, memory below, with a dashed line of slope 1 through the last point."""
    import matplotlib

    matplotlib.use("agg")
    import matplotlib.pyplot as plt

    names = list(dict.fromkeys(point["axis"] for point in points))
    colours = {model: f"C{number}" for number, model in enumerate(dict.fromkeys(point["model"] for point in points))}
    figure, grid = plt.subplots(2, len(names), figsize=(3.4 * len(names), 6.4), squeeze=False, layout="constrained")
    for column, name in enumerate(names):
        for row, (measure, label) in enumerate(FIGURES.items()):
            _panel(grid[row, column], [p for p in points if p["axis"] == name], measure, colours)
            grid[row, column].set(xlabel=AXES[name].unit, ylabel=label if not column else "")
        grid[0, column].set_title({"training": "an update", "decoding": "a search", "preparing": "preparing"}[
            AXES[name].kind
        ])  # fmt: skip
    figure.savefig(path, dpi=110)


def _panel(panel: Any, points: list[Point], measure: str, colours: dict[str, str]) -> None:
    for _, model, curve in curves(points):
        real = [point for point in curve if point[measure] > NOISE[measure]]
        values, figures = [point["value"] for point in real], [point[measure] for point in real]
        panel.plot(values, figures, "o-", color=colours[model], label=f"{model} {_shown(slope(curve, measure))}")
    if points:
        ends = sorted({point["value"] for point in points})
        top = max(max(point[measure] for point in points if point["value"] == ends[-1]), NOISE[measure])
        panel.plot([ends[0], ends[-1]], [top * ends[0] / ends[-1], top], "--", color="0.6", zorder=0)
    panel.set(xscale="log", yscale="log")
    panel.legend(fontsize=8, title="slope, upper half", title_fontsize=8)
    panel.grid(alpha=0.3)


def _shown(slope: float | None) -> str:
    return "–" if slope is None else f"{slope:.2f}"
