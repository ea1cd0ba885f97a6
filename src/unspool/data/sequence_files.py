"""Files of one sequence each: a CSV with a step on each line, or a recording."""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from unspool.data.files import format_of, read_lines
from unspool.data.reading import Reading
from unspool.data.sequences import SOUND, VALUES, SideKind
from unspool.errors import Mistake
from unspool.fields.values import LARGEST
from unspool.types import Array

# What may stand between the numbers of a line, tried in this order.
DELIMITERS = (",", ";", "\t", " ")


def read_numbers(path: Path, reading: Reading) -> Array:
    """`[S, F]` from the lines of a file: F numbers each; a first line of names is left out, as are blank lines."""
    steps = numbers_of(read_lines(path, reading.dialect.encoding), 1, path, 0, reading.dialect.delimiter)
    if not len(steps):
        raise Mistake(f"{path} holds no numbers.", "A sequence needs at least one step: a line of numbers for each.")
    return steps


def numbers_of(lines: Iterable[str], begin: int, name: object, width: int, delimiter: str | None = None) -> Array:
    """`[S, F]` from lines of numbers, the first of which is line `begin`; `[0, F]` if all are blank.

    width: F if it is known; 0: that of the first line of numbers, before which there may be a line of names
    """
    values, step, is_first = array("d"), int(width > 0), True
    for number, line in enumerate(lines, begin):
        text = line.strip()
        if not text:
            continue
        delimiter = delimiter or next((one for one in DELIMITERS if one in text), ",")
        cells = [cell.strip('"') for cell in text.split(None if delimiter == " " else delimiter)]
        if is_first and not step and not any(map(_is_number, cells)):
            is_first = False
            continue  # a header
        is_first = False
        width, step = width or len(cells), step + 1
        if len(cells) != width:
            what = f"{name}, line {number}: there are {len(cells):,} numbers, and {width:,} on the lines before it."
            raise Mistake(what, "Every line is one step, with the same features.")
        values.extend(_number(cell, name, number) for cell in cells)
    return np.frombuffer(values, np.float64).reshape(-1, max(1, width))


def read_recording(path: Path, reading: Reading) -> Array:
    """The frames of a recording, `[S, mels]`."""
    from unspool.audio.frames import frames_of
    from unspool.audio.wav import read_wav

    return frames_of(read_wav(path, reading.frames.sample_rate), reading.frames)


class SequenceFile(NamedTuple):
    """What a file holds, and how it is read."""

    kind: SideKind
    read: Callable[[Path, Reading], Array]


NUMBERS, RECORDING = SequenceFile(VALUES, read_numbers), SequenceFile(SOUND, read_recording)
ENDINGS = {".csv": NUMBERS, ".tsv": NUMBERS, ".wav": RECORDING, ".flac": RECORDING}


def kind_of_file(path: Path | str) -> SideKind | None:
    """What a file of this name holds if it holds one sequence."""
    found = ENDINGS.get(format_of(Path(path)))
    return found and found.kind


def read_sequence(path: Path, reading: Reading) -> Array:
    """The sequence `[S, F]` of a file; an unknown ending and whatever is wrong with the file is a `Mistake`."""
    form = ENDINGS.get(format_of(path))
    if form is None:
        raise Mistake(f"{path} is not a file of one sequence.", f"Known endings: {', '.join(ENDINGS)}.")
    return form.read(path, reading)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return "_" not in text


def _number(text: str, name: object, line: int) -> float:
    if not _is_number(text):
        what = f"{name}, line {line}: {text.strip()[:40]!r} is not a number."
        raise Mistake(what, "A sequence is lines of numbers, with commas between them; leave other columns out.")
    value = float(text)
    if not abs(value) <= LARGEST:
        why = "is larger than float32 holds (3.4e+38)" if math.isfinite(value) else "is not finite"
        raise Mistake(f"{name}, line {line}: {text.strip()[:40]} {why}.", "Give finite numbers, or leave the step out.")
    return value


def joined(names: Sequence[str]) -> str:
    """The first few names of a list, for messages."""
    return ", ".join(names[:5]) + (", …" if len(names) > 5 else "")
