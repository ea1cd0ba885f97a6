"""Files of ink: a canvas's JSON, InkML, SVG and Quick, Draw!."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path

from damage.bytes_of_any_file import ANY_FILE
from damage.subject import Subject, Use, on_text
from damage.tables import written
from damage.texts import NUMBERS
from drawn import PLACES, inkml_of, svg_of

TINY_WRITER = [
    word
    for setting in (
        "model.size=4", "model.layers=1", "model.embedding_size=4", "model.components=1", "training.max_updates=1",
        "training.batch_symbols=64", "training.precision=fp32",
    )
    for word in ("--set", setting)
]  # fmt: skip
ODD = ("", "-", "''", "e", "1e999", "NaN", "Infinity", "*", "?", '"', "M", "A", "z", "null", "{}", "[]")


def uses(path: Path) -> list[Use]:
    """Reading alone, which is quick, and a training of one update."""
    reading = [Use(["describe", path])] * 5
    return [*reading, Use(["train", path, "--model", "synthesis", "--out", path.with_name("out"), *TINY_WRITER])]


def _number(text: str, draw: random.Random) -> str:
    """Something else in place of a number or two."""
    found = list(re.finditer(r"\d+", text))
    for place in sorted(draw.sample(found, min(len(found), draw.choice((1, 2)))), key=lambda one: -one.start()):
        text = text[: place.start()] + draw.choice((*NUMBERS, *ODD)) + text[place.end() :]
    return text


def _nested(text: str, draw: random.Random) -> str:
    """Brackets, or groups, that are nested deeply."""
    opened, closed = draw.choice((("[", "]"), ('{"lines":', "}"), ("<g>", "</g>"), ("<traceGroup>", "</traceGroup>")))
    depth, place = draw.choice((2, 20_000)), draw.randrange(len(text) + 1)
    return text[:place] + opened * depth + text[place:] + closed * depth


TRACES = "".join(f"<trace>{', '.join(f'{x} {y}' for x, y in stroke)}</trace>" for stroke in PLACES)
PATHS = '<g transform="matrix(1 0 0 1 3 3)"><path d="M0 0L3 4 6 0C1 2 3 4 5 6A3 3 0 0 1 9 9"/></g>'
CANVAS = json.dumps({"x_height": 9, "lines": [{"text": text, "strokes": PLACES} for text in ("one", "two", "three")]})
SKETCH = json.dumps({"word": "cat", "drawing": [[[0, 3, 6], [0, 4, 0]], [[10, 10], [1, 5]]]}) + "\n"
DAMAGES = [*ANY_FILE, *[on_text("odd numbers", _number)] * 10, *[on_text("nested", _nested)] * 3]
SUBJECTS = [
    Subject(name, written(name, content.encode()), uses, DAMAGES)
    for name, content in (
        ("canvas.json", CANVAS),
        ("traces.inkml", inkml_of(f'<annotation type="truth">hi</annotation>{TRACES}')),
        ("paths.svg", svg_of(PATHS)),
        ("sketches.ndjson", SKETCH * 3),
    )
]
