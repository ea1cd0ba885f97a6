"""Lines over a number as inline SVG: readable in light and dark, without colours, and by a screen reader."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from unspool.report.tables import shown

WIDTH, HEIGHT = 720, 320
LEFT, RIGHT, TOP, BOTTOM = 64, 190, 16, 48
# Lines differ in colour, dashes and marks; the colours are in the page's style.
STYLES = 8
DASHES = ("", "7 4", "2 3", "9 3 2 3")
MARKS = ("circle", "square", "diamond", "triangle")
# The least distance of two names at the ends of lines.
LINE = 15


@dataclass(frozen=True, slots=True)
class ChartLine:
    """One line. style: its number among the styles; named: whether its name is written at its end."""

    name: str
    points: Sequence[tuple[float, float]]
    style: int
    named: bool = True


def line_chart(lines: Sequence[ChartLine], title: str, x_label: str, y_label: str, number: str) -> str:
    """The chart; number: makes its ids unique in the page. Lines without points are left out."""
    drawn = [line for line in lines if line.points]
    if not drawn:
        return ""
    x_axis = _Axis([x for line in drawn for x, _ in line.points], LEFT, WIDTH - RIGHT)
    y_axis = _Axis([y for line in drawn for _, y in line.points], HEIGHT - BOTTOM, TOP)
    parts = [*_grid(x_axis, y_axis), *_titles(x_label, y_label)]
    parts += [_line(line, x_axis, y_axis) for line in drawn]
    parts += _names([line for line in drawn if line.named], y_axis)
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="chart-{number}">'
        f'<title id="chart-{number}">{shown(title)}</title>{"".join(parts)}</svg>'
    )


class _Axis:
    """Round ticks around some values, and where a value lies between two ends."""

    def __init__(self, values: Sequence[float], begin: float, end: float) -> None:
        low, high = min(values), max(values)
        spread = high - low or abs(high) or 1.0
        power = 10.0 ** math.floor(math.log10(spread / 4))
        step = next(factor * power for factor in (1, 2, 2.5, 5, 10) if spread / (factor * power) <= 5)
        first, last = math.floor(low / step), math.ceil(high / step)
        self.ticks = [number * step for number in range(first, max(last, first + 1) + 1)]
        self.begin, self.end = begin, end

    def place(self, value: float) -> float:
        share = (value - self.ticks[0]) / (self.ticks[-1] - self.ticks[0])
        return round(self.begin + share * (self.end - self.begin), 1)


def _grid(x_axis: _Axis, y_axis: _Axis) -> list[str]:
    parts = []
    for tick in y_axis.ticks:
        place = y_axis.place(tick)
        parts.append(f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{place}" y2="{place}"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{place + 4}" text-anchor="end">{tick:.6g}</text>')
    for tick in x_axis.ticks:
        parts.append(
            f'<text x="{x_axis.place(tick)}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{tick:.6g}</text>'
        )
    return parts


def _titles(x_label: str, y_label: str) -> list[str]:
    middle = (LEFT + WIDTH - RIGHT) / 2
    height = (TOP + HEIGHT - BOTTOM) / 2
    return [
        f'<text class="label" x="{middle}" y="{HEIGHT - 8}" text-anchor="middle">{shown(x_label)}</text>',
        f'<text class="label" transform="translate(14 {height}) rotate(-90)" text-anchor="middle">'
        f"{shown(y_label)}</text>",
    ]


def _line(line: ChartLine, x_axis: _Axis, y_axis: _Axis) -> str:
    places = [(x_axis.place(x), y_axis.place(y)) for x, y in line.points]
    path = " ".join(f"{x},{y}" for x, y in places)
    dash = f' stroke-dasharray="{DASHES[line.style % len(DASHES)]}"' if DASHES[line.style % len(DASHES)] else ""
    marks = "".join(_mark(MARKS[line.style % len(MARKS)], x, y) for x, y in places)
    return f'<g class="s{line.style % STYLES}"><polyline points="{path}"{dash}/>{marks}</g>'


def _mark(kind: str, x: float, y: float) -> str:
    if kind == "circle":
        return f'<circle cx="{x}" cy="{y}" r="3.5"/>'
    if kind == "square":
        return f'<rect x="{x - 3}" y="{y - 3}" width="6" height="6"/>'
    if kind == "diamond":
        return f'<path d="M{x} {y - 4.5}l4.5 4.5-4.5 4.5-4.5-4.5z"/>'
    return f'<path d="M{x} {y - 4.5}l4.5 8h-9z"/>'


def _names(lines: Sequence[ChartLine], y_axis: _Axis) -> list[str]:
    """The names at the ends of the lines, pushed apart where they would lie on each other."""
    ordered = sorted(lines, key=lambda line: y_axis.place(line.points[-1][1]))
    heights, last = [], -math.inf
    for line in ordered:
        last = max(last + LINE, y_axis.place(line.points[-1][1]) + 4)
        heights.append(last)
    parts, x = [], WIDTH - RIGHT + 12
    lowest = [HEIGHT - 4 - LINE * below for below in range(len(ordered))][::-1]
    for line, height, limit in zip(ordered, heights, lowest, strict=True):
        y = min(height, limit)
        mark = _mark(MARKS[line.style % len(MARKS)], x, y - 4)
        parts.append(
            f'<g class="s{line.style % STYLES}">{mark}</g><text x="{x + 10}" y="{y}">{shown(line.name)}</text>'
        )
    return parts
