"""Drawings from files and folders, whatever their format. Its caller says how files are opened.

    .json    as a web canvas sends it           InkML .inkml, paths of .svg
    .ndjson  of Quick, Draw!, recognised by "drawing" in its first line
    a folder of IAM-OnDB, recognised by its folder lineStrokes, or of files of these kinds

What comes from a device (.json, .inkml, .svg) gets evenly spaced points in units of a small x, see `evenness`. The two
published collections are read point for point.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, NamedTuple

from unspool.errors import Mistake
from unspool.ink import iam, inkml, json_points, quickdraw, svg_paths
from unspool.ink.drawing import Drawing
from unspool.ink.evenness import SPACING, Evenness, estimated_height, made_even

Open = Callable[[Path], BinaryIO]
Read = Callable[[BinaryIO, str], tuple[list[Drawing], Evenness]]

DEVICES: dict[str, Read] = {
    json_points.ENDING: json_points.read,
    inkml.ENDING: inkml.read,
    svg_paths.ENDING: svg_paths.read,
}
COMPRESSED = ".gz"
# Bytes of a first line that are looked at.
LOOKED_AT = 4096


class _File(NamedTuple):
    drawings: Sequence[Drawing]
    evenness: Evenness


def is_ink(path: Path, opened: Open) -> bool:
    """Whether a path is of ink, by its ending, its folders or its first line."""
    if path.is_dir():
        return iam.holds(path) or any(True for _ in _files(path))
    return ending_of(path) in DEVICES or _is_quickdraw(path, opened)


def read_drawings(path: Path, opened: Open, spacing: float = SPACING) -> Iterator[Drawing]:
    """The drawings of a file or folder, in order. `opened` raises a `Mistake` for what cannot be opened.

    spacing: from point to point in heights of a small x; 0: points stay as they are recorded
    """
    if path.is_dir():
        yield from iam.read(path) if iam.holds(path) else _of_devices(_folder(path), opened, spacing)
    elif ending_of(path) in DEVICES:
        yield from _of_devices([path], opened, spacing)
    else:
        with opened(path) as file:
            yield from quickdraw.read(file, str(path))


def ending_of(path: Path) -> str:
    """The ending that names the format, without that of a compression."""
    return Path(path.name.lower().removesuffix(COMPRESSED)).suffix


def _of_devices(paths: Sequence[Path], opened: Open, spacing: float) -> Iterator[Drawing]:
    """All files get one scale, as if one person had written them; a file that names its own keeps that."""
    files = []
    for path in paths:
        with opened(path) as stream:
            files.append(_File(*DEVICES[ending_of(path)](stream, str(path))))
    unknown = [drawing for file in files if file.evenness.x_height is None for drawing in file.drawings]
    common = estimated_height(unknown)
    for file in files:
        height = file.evenness.x_height or common
        yield from made_even(file.drawings, Evenness(height, file.evenness.even), spacing)


def _folder(folder: Path) -> list[Path]:
    if found := list(_files(folder)):
        return found
    known = ", ".join(DEVICES)
    raise Mistake(f"{folder} has no ink.", f"Give a folder of {known}, or one of IAM-OnDB with {iam.STROKES} in it.")


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.iterdir()) if path.is_file() and ending_of(path) in DEVICES)


def _is_quickdraw(path: Path, opened: Open) -> bool:
    if ending_of(path) != quickdraw.ENDING:
        return False
    try:
        with opened(path) as file:
            return quickdraw.MARK in file.read(LOOKED_AT).split(b"\n")[0]
    except Mistake:  # it is told when the file is read
        return False
