"""Strokes that the tests of ink share."""

from __future__ import annotations

import io
from pathlib import Path
from typing import BinaryIO

import numpy as np

from unspool.ink.drawing import Drawing, to_points

PLACES = [[[0, 0], [3, 4], [6, 0]], [[10, 1], [10, 5]]]
TWO = [np.array(stroke, dtype=np.float64) for stroke in PLACES]


def opened(path: Path) -> BinaryIO:
    return path.open("rb")


def file_of(text: str | bytes) -> io.BytesIO:
    return io.BytesIO(text.encode() if isinstance(text, str) else text)


def drawing(text: str | None = None) -> Drawing:
    return Drawing(to_points(TWO), text)


def strokes_of(drawing: Drawing) -> list[list[list[float]]]:
    return [stroke.round(6).tolist() for stroke in drawing.strokes()]


def inkml_of(body: str) -> str:
    return f'<ink xmlns="http://www.w3.org/2003/InkML">{body}</ink>'


def svg_of(body: str) -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><title>a b</title>{body}</svg>'


def iam_folder(folder: Path, text: bytes = b"OCR:\n\nA MOVE\n\nCSR:\n\nA MOVE\nto stop Mr. Gaitskell\n") -> Path:
    strokes, texts = folder / "lineStrokes" / "a01" / "a01-000", folder / "ascii" / "a01" / "a01-000"
    strokes.mkdir(parents=True)
    texts.mkdir(parents=True)
    (texts / "a01-000u.txt").write_bytes(text)
    for line in (1, 2, 3):
        points = [f'<Stroke><Point x="{x + line}" y="{y}" time="1.5"/>' for (x, y) in PLACES[0][:1]]
        points += [f'<Point x="{x + line}" y="{y}" time="1.5"/>' for (x, y) in PLACES[0][1:]] + ["</Stroke>"]
        points += ["<Stroke>", *(f'<Point x="{x + line}" y="{y}" time="1.5"/>' for x, y in PLACES[1]), "</Stroke>"]
        head = '<?xml version="1.0" encoding="ISO-8859-1"?><WhiteboardCaptureSession><StrokeSet>'
        (strokes / f"a01-000u-0{line}.xml").write_text(
            head + "".join(points) + "</StrokeSet></WhiteboardCaptureSession>"
        )
    return folder
