"""InkML (W3C Recommendation, 2011): traces of X and Y, in any order of channels, also as differences.

A value after ' is the first difference of its channel, one after " the second, and ! returns to the value itself. A
prefix holds until the next one of its channel. * repeats the last value; ? means that nothing is known.

A drawing is the outermost group of traces (`traceGroup`, `traceView`) with an annotation of what is written, of type
truth, transcription, label or text. Without one the file is one drawing, with the file's own annotation, if any.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO

from unspool.errors import Mistake
from unspool.ink.checks import check_size, read_whole, stroke_of, text_of
from unspool.ink.drawing import Drawing, to_points
from unspool.ink.evenness import Evenness
from unspool.ink.xml_file import local_name, parse
from unspool.types import Array

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

ENDING = ".inkml"
TRUTH = ("truth", "transcription", "label", "text")
GROUPS = ("traceGroup", "traceView")
REMEDY = "A trace is a list of points: X Y, X Y, …"

# A prefix and a number, a sign that repeats or leaves out, or true and false; spaces may be missing.
_VALUE = re.compile(r"""([!'"]?)\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|[*?TF])""")
_XML_ID = "{http://www.w3.org/XML/1998/namespace}id"


def read(file: BinaryIO, place: str) -> tuple[list[Drawing], Evenness]:
    """The drawings of a file."""
    root = parse(read_whole(file, place), place)
    if local_name(root) != "ink":
        raise Mistake(f"{place} is no InkML: its root is <{local_name(root)[:40]}>.", "The root of InkML is <ink>.")
    channels, traces = _channels(root, place), _traces(root)
    groups = [group for child in root for group in _written_groups(child, place)] or [root]
    drawings = []
    for number, group in enumerate(groups, 1):
        where = f"{place}, group {number}" if len(groups) > 1 else place
        strokes = [_stroke(trace, channels, where) for trace in _traces_of(group, traces)]
        drawings.append(Drawing(to_points(check_size(strokes, where)), _truth(group, place), None, where))
    return drawings, Evenness()


def _channels(root: Element, place: str) -> tuple[int, int]:
    """The positions of X and Y; the default format has them first."""
    formats = [element for element in root.iter() if local_name(element) == "traceFormat"]
    names = (
        [element.get("name", "") for element in formats[0].iter() if local_name(element) == "channel"]
        if formats
        else []
    )
    if not names:
        return 0, 1
    if "X" not in names or "Y" not in names:
        raise Mistake(f"{place}: its traces have the channels {', '.join(names)[:60]}.", "Channels X and Y are needed.")
    return names.index("X"), names.index("Y")


def _traces(root: Element) -> dict[str, Element]:
    found = (element for element in root.iter() if local_name(element) == "trace")
    return {element.get(_XML_ID) or element.get("id") or f"#{n}": element for n, element in enumerate(found)}


def _written_groups(element: Element, place: str) -> Iterator[Element]:
    """The outermost groups whose text is known."""
    waiting = [element]
    while waiting:
        one = waiting.pop(0)
        if local_name(one) not in GROUPS:
            continue
        if _truth(one, place) is not None:
            yield one
        else:
            waiting[:0] = list(one)


def _truth(group: Element, place: str) -> str | None:
    for child in group:
        if local_name(child) == "annotation" and child.get("type", "").lower() in TRUTH:
            return text_of(child.text, place, "annotation")
    return None


def _traces_of(group: Element, traces: dict[str, Element]) -> list[Element]:
    """The traces in a group, and those that its views name; of a whole file all its traces, each once."""
    own = [element for element in group.iter() if local_name(element) == "trace"]
    if local_name(group) == "ink":
        return own
    views = [
        element.get("traceDataRef", "").lstrip("#") for element in group.iter() if local_name(element) == "traceView"
    ]
    return own + [traces[name] for name in views if name in traces]


def _stroke(trace: Element, channels: tuple[int, int], place: str) -> Array:
    name = trace.get(_XML_ID) or trace.get("id") or ""
    where = f"{place}, trace {name}" if name else f"{place}, a trace"
    decoders = [_Channel(), _Channel()]
    places = []
    for number, point in enumerate((trace.text or "").split(","), 1):
        if not point.strip():
            continue
        values = _VALUE.findall(point)
        if _VALUE.sub("", point).strip() or len(values) <= max(channels):
            raise Mistake(f"{where}, point {number}: '{point.strip()[:40]}' has no X and Y.", REMEDY)
        places.append([decoder(*values[at]) for decoder, at in zip(decoders, channels, strict=True)])
    known = [(x, y) for x, y in places if x is not None and y is not None]
    return stroke_of(known, where)


class _Channel:
    """The values of one channel of a trace, one after another."""

    def __init__(self) -> None:
        self._value, self._step, self._order = 0.0, 0.0, ""

    def __call__(self, prefix: str, written: str) -> float | None:
        if written in "?TF":
            return None
        if written == "*":
            return self._value
        self._order = {"!": "", "": self._order}.get(prefix, prefix)
        number = float(written)
        last = self._value
        match self._order:
            case "'":
                self._value += number
            case '"':
                self._value += self._step + number
            case _:
                self._value = number
        self._step = self._value - last
        return self._value
