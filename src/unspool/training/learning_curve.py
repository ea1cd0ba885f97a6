"""The learning curve of a run as an SVG: training and validation loss, and the deciding metric below."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from unspool.folder import LEARNING_CURVE, METRICS
from unspool.storage.atomic import replace
from unspool.visible import as_html

WIDTH, HEIGHT, LEFT, BETWEEN = 640, 190, 56, 44
TRAINING, VALIDATION = "#3b6fb6", "#d1603d"

Points = Sequence[tuple[float, float]]


def draw_learning_curve(folder: Path, metric: str) -> None:
    """Write `learning-curve.svg` from `metrics.jsonl`; with fewer than two validations there is nothing to draw."""
    records = [json.loads(line) for line in (folder / METRICS).read_text(encoding="utf-8").splitlines()]
    train, valid = ([record for record in records if record["kind"] == kind] for kind in ("train", "valid"))
    if len(valid) < 2:
        return
    loss = {"training loss": _points(train, "nll"), "validation loss": _points(valid, "nll")}
    panels = [("nats a token", loss), (metric.replace("_", " "), {"validation": _points(valid, metric)})]
    last = max(record["update"] for record in [*train, *valid])
    height = len(panels) * (HEIGHT + BETWEEN)
    body = "".join(
        _panel(name, {label: points for label, points in curves.items() if points}, number * (HEIGHT + BETWEEN), last)
        for number, (name, curves) in enumerate(panels)
    )
    size = f'width="{WIDTH}" height="{height}"'
    style = 'font-family="sans-serif" font-size="12" fill="#222"'
    drawn = f'<svg xmlns="http://www.w3.org/2000/svg" {size} {style}><rect {size} fill="#fff"/>{body}</svg>\n'
    replace(folder / LEARNING_CURVE, drawn.encode())


def _points(records: Iterable[dict[str, float]], name: str) -> Points:
    return [(record["update"], record[name]) for record in records if isinstance(record.get(name), int | float)]


def _panel(name: str, curves: dict[str, Points], top: int, last: float) -> str:
    """One plot over updates, with its labels."""
    values = [value for points in curves.values() for _, value in points]
    low, high = min(values, default=0.0), max(values, default=1.0)
    span = high - low or 1.0

    def place(update: float, value: float) -> str:
        x = LEFT + (WIDTH - LEFT - 16) * update / max(last, 1)
        return f"{x:.1f},{top + 28 + (HEIGHT - 36) * (high - value) / span:.1f}"

    parts = [f'<text x="{LEFT}" y="{top + 18}">{as_html(name)}</text>']
    for number, (label, points) in enumerate(curves.items()):
        colour, x = TRAINING if number < len(curves) - 1 else VALIDATION, WIDTH - 126 - 150 * (len(curves) - 1 - number)
        line = " ".join(place(update, value) for update, value in points)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="1.5"/>')
        parts.append(f'<text x="{x}" y="{top + 18}" fill="{colour}">{as_html(label)}</text>')
    for value in (low, high):
        _, y = place(0, value).split(",")
        parts.append(f'<text x="{LEFT - 6}" y="{float(y) + 4:.1f}" text-anchor="end">{value:.3g}</text>')
        parts.append(f'<path d="M{LEFT} {y}H{WIDTH - 16}" stroke="#ddd"/>')
    parts.append(f'<text x="{WIDTH - 16}" y="{top + HEIGHT + 12}" text-anchor="end">update {last:,.0f}</text>')
    return "".join(parts)
