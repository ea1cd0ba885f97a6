"""Paths of an SVG picture as strokes: all commands of a path's data, lines and polygons, with their transforms.

The file is one drawing; its <title> is the text. Curves are taken at a few points each, which are then spaced evenly.
What stands in <defs>, clips and masks is not drawn. Circles, rectangles and texts are no strokes of a pen.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

from unspool.errors import MissingExtra, Mistake
from unspool.ink.checks import check_size, read_whole, stroke_of, text_of
from unspool.ink.drawing import Drawing, to_points
from unspool.ink.evenness import Evenness
from unspool.ink.xml_file import local_name, parse
from unspool.types import Array

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

ENDING = ".svg"
REMEDY = "See 'path data' in the SVG specification: M, L, H, V, C, S, Q, T, A and Z, in capitals or small letters."
# Points of a curve.
TAKEN = 16
# Characters of a path's data; a longer one would take minutes.
LONGEST_DATA = 1 << 21
NOT_DRAWN = ("defs", "clipPath", "mask", "symbol", "pattern", "marker")
SHAPES = ("path", "polyline", "polygon", "line")


def read(file: BinaryIO, place: str) -> tuple[list[Drawing], Evenness]:
    """The drawing of a file."""
    root = parse(read_whole(file, place), place)
    if local_name(root) != "svg":
        raise Mistake(f"{place} is no SVG: its root is <{local_name(root)[:40]}>.", "The root of SVG is <svg>.")
    strokes: list[Array] = []
    with np.errstate(all="ignore"):  # places that are not finite are refused
        for number, (shape, transform) in enumerate(_shapes(root, place), 1):
            where = f"{place}, shape {number}"
            strokes += [stroke_of(stroke, where) for stroke in _strokes(_data(shape), transform, where)]
            check_size(strokes, place)
    title = next((child.text for child in root if local_name(child) == "title"), None)
    return [Drawing(to_points(strokes), text_of(title, place, "title"), None, place)], Evenness()


def _shapes(root: Element, place: str) -> Iterator[tuple[Element, Any]]:
    """Drawn shapes in order, each with its transform."""
    library = _library(place)
    waiting = [(root, library.Matrix())]
    while waiting:
        element, outer = waiting.pop()
        try:
            inner = library.Matrix(element.get("transform", "")) * outer
        except Exception as error:  # the library raises what its parsing meets: of the value, the index, the key
            what = f"{place}: the transform '{element.get('transform', '')[:40]}' cannot be read."
            raise Mistake(what, "Write it as in SVG: translate(1 2) scale(3)") from error
        if local_name(element) in SHAPES:
            yield element, inner
        elif local_name(element) not in NOT_DRAWN:
            waiting += [(child, inner) for child in reversed(element)]


def _data(shape: Element) -> str:
    """A shape as the data of a path."""
    if local_name(shape) == "path":
        return shape.get("d", "")
    if local_name(shape) == "line":
        places = " ".join(shape.get(name, "0") for name in ("x1", "y1", "x2", "y2"))
    else:
        places = shape.get("points", "")
    return f"M {places}{' Z' if local_name(shape) == 'polygon' else ''}" if places.strip() else ""


def _strokes(data: str, transform: Any, where: str) -> Iterator[list[tuple[float, float]]]:
    library = _library(where)
    if wrong := data.strip(" \t\r\n,-+.0123456789eEMmLlHhVvCcSsQqTtAaZz"):
        raise Mistake(f"{where}: '{wrong[:1]}' is no command of a path.", REMEDY)
    if len(data) > LONGEST_DATA:
        what = f"{where}: the data of a path has {len(data):,} characters, and at most {LONGEST_DATA:,} are read."
        raise Mistake(what, "Split the path into several.")
    stroke: list[tuple[float, float]] = []
    try:
        for segment in abs(library.Path(data) * transform):  # abs: with the transform applied
            if isinstance(segment, library.Move):
                if stroke:
                    yield stroke
                stroke = [(segment.end.x, segment.end.y)]
            elif segment.end is not None:
                stroke += _taken(segment, library)
    except Exception as error:  # see `_shapes`
        if isinstance(error, Mistake):
            raise
        raise Mistake(f"{where}: the data of a path cannot be read: '{data[:40]}'.", REMEDY) from error
    if stroke:
        yield stroke


def _taken(segment: Any, library: Any) -> list[tuple[float, float]]:
    if isinstance(segment, library.Line | library.Close):
        return [(segment.end.x, segment.end.y)]
    places = (segment.point(float(at)) for at in np.linspace(0, 1, TAKEN + 1)[1:])
    return [(point.x, point.y) for point in places]


def _library(place: str) -> Any:
    try:
        import svgelements
    except ImportError:
        raise MissingExtra(f"Reading {place}", "ink") from None
    return svgelements
