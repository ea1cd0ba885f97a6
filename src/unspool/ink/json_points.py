"""Ink as JSON, as a web canvas sends it, and as the page of `unspool hand` and `unspool write` save it.

    {"lines": [{"text": "hello", "strokes": [[{"x": 3, "y": 5, "t": 0}, …], …]}, …]}

Also one such line by itself, a list of lines, a list of strokes, and points as [x, y]. Of each object only the keys
named here are read. Beside "lines" there may be:

x_height: the height of a small x in the units of the file; otherwise it is estimated
even:     true if points are evenly spaced already, so that they are left as they are
style:    whose hand it is; a line may have its own
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

from unspool.errors import Mistake
from unspool.ink.checks import check_size, read_whole, stroke_of, text_of
from unspool.ink.drawing import Drawing, to_points
from unspool.ink.evenness import Evenness
from unspool.types import Array

ENDING = ".json"
REMEDY = 'Write {"lines": [{"text": "…", "strokes": [[{"x": 0, "y": 0}, …], …]}, …]}'
# Decimals of a place.
DIGITS = 3


def read(file: BinaryIO, place: str) -> tuple[list[Drawing], Evenness]:
    """The drawings of a file, and how even their points are."""
    try:
        value = json.loads(read_whole(file, place))
    except (ValueError, RecursionError) as error:  # ValueError: also of bytes that are no text
        why = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise Mistake(f"{place} is not JSON: {why}.", REMEDY) from None
    heading = value if isinstance(value, dict) else {}
    style = text_of(heading.get("style"), place, "style")
    return list(_drawings(value, style, place)), Evenness(_height(heading, place), heading.get("even") is True)


def write(drawings: Sequence[Drawing], x_height: float | None = None) -> bytes:
    """The file of drawings, whose points are even."""
    lines = [_line(drawing) for drawing in drawings]
    heading = {} if x_height is None else {"x_height": round(x_height, DIGITS + 3)}
    return json.dumps(heading | {"even": True, "lines": lines}, ensure_ascii=False).encode()


def _line(drawing: Drawing) -> dict[str, Any]:
    known = {"text": drawing.text, "style": drawing.style}
    strokes = [[{"x": x, "y": y} for x, y in stroke.round(DIGITS).tolist()] for stroke in drawing.strokes()]
    return {name: value for name, value in known.items() if value is not None} | {"strokes": strokes}


def _drawings(value: Any, style: str | None, place: str) -> Iterator[Drawing]:
    if isinstance(value, dict) and "lines" in value:
        value = value["lines"]
        if not isinstance(value, list):
            raise Mistake(f"{place}: 'lines' is not a list.", REMEDY)
        if value and not isinstance(value[0], dict):
            raise Mistake(f"{place}: line 1 is not an object.", REMEDY)
    if isinstance(value, list) and (not value or not isinstance(value[0], dict) or "strokes" in value[0]):
        if not value or not isinstance(value[0], dict):
            value = [{"strokes": _as_strokes(value)}]
    else:
        value = [value]
    for number, line in enumerate(value, 1):
        where = f"{place}, line {number}" if len(value) > 1 else place
        if not isinstance(line, dict) or not isinstance(line.get("strokes"), list):
            raise Mistake(f"{where}: there are no 'strokes'.", REMEDY)
        strokes = [_stroke(stroke, f"{where}, stroke {n}") for n, stroke in enumerate(line["strokes"], 1)]
        own = text_of(line.get("style"), where, "style")
        points = to_points(check_size(strokes, where))
        yield Drawing(points, text_of(line.get("text"), where), own or style, where)


def _as_strokes(value: list[Any]) -> list[Any]:
    """A plain list as strokes: it may be one stroke itself."""
    first = value[0] if value else None
    return [value] if isinstance(first, list) and first and isinstance(first[0], int | float) else value


def _stroke(value: Any, where: str) -> Array:
    if not isinstance(value, list):
        raise Mistake(f"{where} is not a list of points.", REMEDY)
    return stroke_of([_point(point, f"{where}, point {number}") for number, point in enumerate(value, 1)], where)


def _point(value: Any, where: str) -> tuple[float, float]:
    pair = (value.get("x"), value.get("y")) if isinstance(value, dict) else value
    if isinstance(pair, list | tuple) and len(pair) >= 2 and all(map(_is_number, pair[:2])):
        try:
            return float(pair[0]), float(pair[1])
        except OverflowError:
            pass
    shown = json.dumps(value)[:40]
    raise Mistake(f"{where} has no x and y: {shown}.", 'Write points as {"x": 0, "y": 0} or as [0, 0].')


def _height(heading: dict[str, Any], place: str) -> float | None:
    height = heading.get("x_height")
    if height is None:
        return None
    if not _is_number(height) or not 0 < height < 1e6:
        raise Mistake(f"{place}: 'x_height' is not the height of a letter.", "Give a number above 0, or leave it out.")
    return float(height)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
