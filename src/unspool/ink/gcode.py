"""A sheet as G-code for a pen plotter: millimetres, and a pen that Z lifts."""

from __future__ import annotations

from collections.abc import Sequence

from unspool.ink.curves import controls
from unspool.ink.sheet import Sheet
from unspool.types import Array

ENDING = ".gcode"
# Heights of the pen in millimetres, and feed in millimetres a minute.
UP, DOWN, FEED = 3.0, 0.0, 2000
# Straight pieces for each curve between two points.
PIECES = 4


def write(sheet: Sheet) -> bytes:
    """The program: absolute places, the origin in the lower left corner of the sheet, the pen up at both ends."""
    head = [
        f"; {sheet.width:g} x {sheet.height:g} mm, origin in the lower left corner", "G21 ; millimetres",
        "G90 ; absolute places", f"G0 Z{UP:g} ; pen up",
    ]  # fmt: skip
    strokes = [line for stroke in sheet.strokes for line in _stroke(stroke, sheet.height)]
    return "\n".join([*head, *strokes, "G0 X0 Y0", "M2 ; end", ""]).encode()


def _stroke(stroke: Array, height: float) -> Sequence[str]:
    places = [f"X{x:.3f} Y{height - y:.3f}" for x, y in _straight(stroke)]
    lines = [f"G1 {place} F{FEED}" for place in places[1:]]
    return [f"G0 {places[0]}", f"G1 Z{DOWN:g} F{FEED}", *lines, f"G0 Z{UP:g}"]


def _straight(stroke: Array) -> list[list[float]]:
    """The curve through the points, as short straight pieces."""
    places = [stroke[0].tolist()]
    for begin, (one, two), end in zip(stroke, controls(stroke), stroke[1:], strict=False):
        for piece in range(1, PIECES + 1):
            t = piece / PIECES
            place = (1 - t) ** 3 * begin + 3 * (1 - t) ** 2 * t * one + 3 * (1 - t) * t**2 * two + t**3 * end
            places.append(place.tolist())
    return places
