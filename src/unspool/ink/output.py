"""Drawings as a file, by its ending."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from unspool.errors import Mistake, nearest
from unspool.ink import gcode, json_points, png, svg
from unspool.ink.drawing import Drawing
from unspool.ink.evenness import estimated_height
from unspool.ink.sheet import PLAIN, Paper, Sheet, laid_out
from unspool.storage.atomic import replace

SHEETS: dict[str, Callable[[Sheet], bytes]] = {svg.ENDING: svg.write, png.ENDING: png.write, gcode.ENDING: gcode.write}
ENDINGS = (*SHEETS, json_points.ENDING)


def check_output(path: Path, *, animated: bool = False) -> None:
    """Refuse a file that could not be written at the end."""
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise Mistake(f"Ink is not written to '{ending}' files, as {path} is.", nearest(ending, ENDINGS))
    if animated and ending != svg.ENDING:
        raise Mistake(f"Only an .svg is animated, and {path} is none.", "Name it .svg, or leave --animate out.")
    if not path.parent.is_dir():
        raise Mistake(f"There is no folder {path.parent}.", "Make it first, or choose another file.")


def write_lines(path: Path, lines: Sequence[Drawing | None], paper: Paper = PLAIN, *, animated: bool = False) -> None:
    """Write lines of ink, None for an empty one, whole or not at all."""
    check_output(path, animated=animated)
    if path.suffix.lower() == json_points.ENDING:
        drawn = [line for line in lines if line is not None]
        replace(path, json_points.write(drawn, estimated_height(drawn)))
        return
    write = svg.write_animated if animated else SHEETS[path.suffix.lower()]
    replace(path, write(laid_out(lines, paper)))
