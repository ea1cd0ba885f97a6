"""The folders of the IAM On-Line Handwriting Database, as they come: Liwicki & Bunke 2005.

    lineStrokes/a01/a01-000/a01-000u-01.xml   the strokes of a form's first line
    ascii/a01/a01-000/a01-000u.txt            the form's text; its lines stand after the line "CSR:"

Points are read as they are, so that figures compare with published ones. A line without a text has None.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from unspool.errors import Mistake
from unspool.ink.checks import check_size, read_whole, stroke_of
from unspool.ink.drawing import Drawing, to_points
from unspool.ink.xml_file import DAMAGED, local_name, parse
from unspool.types import Array

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

STROKES, TEXTS, BEFORE_LINES = "lineStrokes", "ascii", "CSR:"


def holds(folder: Path) -> bool:
    """Whether the folder has the strokes of the database."""
    return (folder / STROKES).is_dir()


def read(folder: Path) -> Iterator[Drawing]:
    """The lines in order of their names; the style is the form's name without the line."""
    paths = sorted((folder / STROKES).rglob("*.xml"))
    if not paths:
        raise Mistake(f"{folder / STROKES} has no .xml files.", "Unpack lineStrokes-all.tar.gz there.")
    lines_of = cache(_lines_of)
    for path in paths:
        form, _, number = path.stem.rpartition("-")
        if not form or not number.isdecimal() or int(number) < 1:
            raise Mistake(f"{path} has no number of a line in its name.", "Names are as in a01-000u-01.xml.")
        lines = lines_of(folder / TEXTS / path.parent.relative_to(folder / STROKES) / f"{form}.txt")
        text = lines[int(number) - 1] if int(number) <= len(lines) else ""
        yield Drawing(_points(path), text or None, form, str(path))


def _lines_of(path: Path) -> list[str]:
    """The texts of a form's lines; none if the file is missing."""
    if not path.is_file():
        return []
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Mistake(f"{path} cannot be read: {error.strerror}.", "Check its permissions.") from None
    lines = [" ".join(line.split()) for line in _decoded(content).splitlines()]
    if BEFORE_LINES not in lines:
        raise Mistake(f"{path} has no line '{BEFORE_LINES}'.", "Its text stands after that line. Copy the file again.")
    return [line for line in lines[lines.index(BEFORE_LINES) + 1 :] if line]


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:  # a few files are older
        return content.decode("latin-1")


def _points(path: Path) -> Array:
    try:
        with path.open("rb") as file:
            root = parse(read_whole(file, str(path)), str(path))
    except OSError as error:
        raise Mistake(f"{path} cannot be read: {error.strerror}.", "Check its permissions.") from None
    strokes = [element for element in root.iter() if local_name(element) == "Stroke"]
    found = [_stroke(list(stroke), f"{path}, stroke {number}") for number, stroke in enumerate(strokes, 1)]
    return to_points(check_size(found, str(path)))


def _stroke(points: list[Element], where: str) -> Array:
    try:
        return stroke_of([(float(point.attrib["x"]), float(point.attrib["y"])) for point in points], where)
    except (KeyError, ValueError) as error:
        if isinstance(error, Mistake):
            raise
        raise Mistake(f"{where}: a point has no numbers x and y.", DAMAGED) from None
