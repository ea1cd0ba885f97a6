"""Sketches of Quick, Draw! (Ha & Eck 2017): an object a line, with a word and strokes of x, of y and perhaps of times.

    {"word": "cat", "drawing": [[[130, 113, …], [72, 40, …]], …]}

Points are read as they are. The word is the text.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, BinaryIO

from unspool.errors import Mistake
from unspool.ink.checks import check_size, stroke_of, text_of
from unspool.ink.drawing import Drawing, to_points
from unspool.types import Array

ENDING = ".ndjson"
REMEDY = 'Each line is {"word": "…", "drawing": [[[x, …], [y, …]], …]}'
# Bytes of a line.
LONGEST = 1 << 24
MARK = b'"drawing"'


def read(file: BinaryIO, place: str) -> Iterator[Drawing]:
    """The drawings, one after another, without holding the file in memory."""
    number = 0
    while line := file.readline(LONGEST + 1):
        number += 1
        where = f"{place}, line {number}"
        if len(line) > LONGEST:
            raise Mistake(f"{where}: the line is longer than {LONGEST:,} bytes.", REMEDY)
        if line.strip():
            yield _drawing(_object(line, where), where)


def _object(line: bytes, where: str) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        raise Mistake(f"{where}: not valid JSON.", REMEDY) from None
    if not isinstance(value, dict) or not isinstance(value.get("drawing"), list):
        raise Mistake(f"{where}: there is no 'drawing'.", REMEDY)
    return value


def _drawing(value: dict[str, Any], where: str) -> Drawing:
    strokes = [_stroke(stroke, f"{where}, stroke {n}") for n, stroke in enumerate(value["drawing"], 1)]
    return Drawing(to_points(check_size(strokes, where)), text_of(value.get("word"), where, "word"), None, where)


def _stroke(value: Any, where: str) -> Array:
    lists = isinstance(value, list) and len(value) >= 2 and all(isinstance(axis, list) for axis in value[:2])
    if not lists or len(value[0]) != len(value[1]):
        raise Mistake(f"{where} has not as many x as y.", REMEDY)
    if not all(isinstance(number, int | float) for axis in value[:2] for number in axis):
        raise Mistake(f"{where} has a place that is not a number.", REMEDY)
    try:
        return stroke_of(list(zip(value[0], value[1], strict=True)), where)
    except OverflowError:
        raise Mistake(f"{where} has a number that is too large.", REMEDY) from None
