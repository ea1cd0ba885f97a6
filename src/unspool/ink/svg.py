"""A sheet as an SVG picture, at rest or written before the reader's eyes; one file, no script."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from unspool.ink.curves import DOT, controls
from unspool.ink.drawing import arc_lengths
from unspool.ink.sheet import Sheet
from unspool.types import Array
from unspool.visible import as_html

ENDING = ".svg"
# Millimetres a second that a hand writes and moves, and seconds that it takes to set the pen down.
WRITES, MOVES, SETS_DOWN = 45.0, 120.0, 0.06

_HEAD = """<svg xmlns="http://www.w3.org/2000/svg" width="{width}mm" height="{height}mm" viewBox="0 0 {width} {height}">
<title>{title}</title>
<style>
path {{ fill: none; stroke: #17202a; stroke-width: {pen}; stroke-linecap: round; stroke-linejoin: round }}
{animation}</style>
<rect width="100%" height="100%" fill="#fff"/>
"""
# A program that does not animate shows the whole ink, and so does a reader who wants no motion.
_ANIMATION = """@media (prefers-reduced-motion: no-preference) {
path { stroke-dasharray: 1 2; animation: write linear both }
@keyframes write {
0% { stroke-dashoffset: 1; stroke-opacity: 0 } 0.1% { stroke-opacity: 1 } 100% { stroke-dashoffset: 0 }
}
}
"""


def write(sheet: Sheet) -> bytes:
    """The picture."""
    return _document(sheet, "", [_path(stroke) for stroke in sheet.strokes])


def write_animated(sheet: Sheet) -> bytes:
    """The picture, whose strokes appear one after another, as fast as a hand writes."""
    paths = [
        _path(stroke, f' pathLength="1" style="animation-delay:{begin:.3f}s;animation-duration:{seconds:.3f}s"')
        for stroke, (begin, seconds) in zip(sheet.strokes, timing(sheet.strokes), strict=True)
    ]
    return _document(sheet, _ANIMATION, paths)


def timing(strokes: Sequence[Array]) -> list[tuple[float, float]]:
    """When each stroke begins, and how long it takes, in seconds."""
    now, times, last = 0.0, [], None
    for stroke in strokes:
        if last is not None:
            now += SETS_DOWN + float(np.hypot(*(stroke[0] - last))) / MOVES
        seconds = max(0.02, float(arc_lengths([stroke]).sum()) / WRITES)
        times.append((now, seconds))
        now, last = now + seconds, stroke[-1]
    return times


def _document(sheet: Sheet, animation: str, paths: Sequence[str]) -> bytes:
    head = _HEAD.format(
        width=f"{sheet.width:g}", height=f"{sheet.height:g}", title=as_html(sheet.title), pen=f"{sheet.pen:g}",
        animation=animation,
    )  # fmt: skip
    return (head + "\n".join(paths) + "\n</svg>\n").encode()


def _path(stroke: Array, attributes: str = "") -> str:
    return f'<path d="{path_data(stroke)}"{attributes}/>'


def path_data(stroke: Array) -> str:
    """A stroke as the data of a path; a single point is a short line, see `DOT`."""
    start = f"M{_pair(stroke[0])}"
    if len(stroke) == 1:
        return f"{start}l{DOT} 0"
    ends = zip(controls(stroke), stroke[1:], strict=True)
    return start + "".join(f"C{_pair(one)} {_pair(two)} {_pair(end)}" for (one, two), end in ends)


def _pair(place: Array) -> str:
    x, y = place.tolist()
    return f"{x:.2f} {y:.2f}"
