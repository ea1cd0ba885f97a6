"""Ink as training data: drawings from files of every format, and which side of a pair they are.

ink, lengths: in an .npz, `[ΣS, 3]` points dx, dy, pen_up of all drawings one after the other, and `[n]` their lengths
texts:        `[n]` what is written, if it is known
The other formats are those of `ink.reading`.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from unspool.data.arrays import Arrays
from unspool.data.files import open_bytes
from unspool.data.npz import ENDING, holds, read_npz
from unspool.errors import Mistake
from unspool.fields.field import Raw
from unspool.fields.ink import FEATURES, InkField, checked
from unspool.folder import holds_a_run
from unspool.ink.drawing import Drawing
from unspool.ink.reading import is_ink, read_drawings
from unspool.plural import counted
from unspool.storage.atomic import replace
from unspool.types import Array, Task

INK, LENGTHS, TEXTS = "ink", "lengths", "texts"
REMEDY = "Write it with numpy.savez(path, ink=…, lengths=…, texts=…): [ΣS, 3] dx, dy, pen_up, [n] and, if known, [n]."
# What a drawing without a text is continued from.
NOTHING = np.zeros((0, FEATURES))


def are_drawings(paths: Sequence[Path]) -> bool:
    """Whether these are files or folders of ink; a mixture of them and others is a `Mistake`."""
    kinds = {_is_drawn(path) for path in paths}
    if len(kinds) > 1:
        raise Mistake("Ink and other data cannot be read together.", "Give files of one kind.")
    return True in kinds


def read_sides(paths: Sequence[Path], task: Task, tell: Callable[[str], object] = lambda message: None) -> Arrays:
    """The drawings of all files as pairs: text and ink, ink and text, or nothing and ink, as the task has it.

    A drawing without any point is left out, and so is one without a text if the task needs texts; `tell` gets how many
    these are. No text at all is a `Mistake`.
    """
    found = [drawing for path in paths for drawing in read(path)]
    drawings = [drawing for drawing in found if len(drawing.points)]
    if not drawings:
        raise Mistake(f"{', '.join(map(str, paths))}: there is no drawing.", "Give files with at least one.")
    if empty := len(found) - len(drawings):
        tell(f"{counted(empty, 'drawing without a point is', 'drawings without a point are')} left out.")
    writes_ink, alone = task.target == InkField.kind, task == (InkField.kind, InkField.kind)
    if not alone:
        drawings = _with_text(drawings, tell)
    ink: list[Raw] = [drawing.points for drawing in drawings]
    others: list[Raw] = [NOTHING if alone else drawing.text for drawing in drawings]
    return Arrays(others, ink) if writes_ink else Arrays(ink, others)


def read(path: Path) -> Iterator[Drawing]:
    """The drawings of a file or a folder."""
    return _of_npz(path) if path.suffix.lower() == ENDING else read_drawings(path, open_bytes)


def write_drawings(path: Path, drawings: Sequence[Array], texts: Sequence[str] = ()) -> None:
    """Write drawings `[S, 3]`, and the text of each if there are any, as an .npz, whole or not at all."""
    content, arrays = io.BytesIO(), {INK: np.concatenate([NOTHING, *drawings]), LENGTHS: [*map(len, drawings)]}
    np.savez(content, allow_pickle=False, **arrays, **({TEXTS: [*texts]} if len(texts) else {}))  # type: ignore[arg-type]
    replace(path, content.getvalue())


def may_be_drawn(points: Array) -> bool:
    """Whether an array has the form of ink: three numbers a step, of which the last is 0 or 1."""
    return points.ndim == 2 and points.shape[1] == FEATURES and bool(np.isin(points[:, -1], (0, 1)).all())


def _is_drawn(path: Path) -> bool:
    if holds_a_run(path):  # run.json is no ink
        return False
    return holds(path, INK) if path.suffix.lower() == ENDING else is_ink(path, open_bytes)


def _with_text(drawings: Sequence[Drawing], tell: Callable[[str], object]) -> list[Drawing]:
    known = [drawing for drawing in drawings if (drawing.text or "").strip()]
    first = next((drawing for drawing in drawings if not (drawing.text or "").strip()), None)
    if first and not known:
        what = f"{first.name}: there is no text with the ink, and the model learns from both."
        raise Mistake(what, "Add what is written. For ink alone: --model graves")
    if first:
        count = len(drawings) - len(known)
        told = f"{counted(count, 'drawing without a text is', 'drawings without a text are')} left out"
        tell(f"{told}; the first is {first.name}.")
    return known


def _of_npz(path: Path) -> Iterator[Drawing]:
    found = read_npz(path, (INK, LENGTHS, TEXTS))
    if wrong := _wrong(found):
        raise Mistake(f"{path}: {wrong}.", REMEDY)
    texts = found[TEXTS].tolist() if TEXTS in found else [None] * len(found[LENGTHS])
    ends = np.cumsum(found[LENGTHS], dtype=np.int64)
    for number, (points, text) in enumerate(zip(np.split(found[INK], ends[:-1]), texts, strict=True), 1):
        place = f"{path}, drawing {number}"
        yield Drawing(_checked(points, place), text if text is None else str(text), name=place)


def _checked(points: Array, place: str) -> Array:
    try:
        return checked(points).astype(np.float64)
    except Mistake as mistake:
        raise Mistake(f"{place}: {mistake.what}", mistake.remedy) from None


def _wrong(found: dict[str, Array]) -> str:
    """The first thing that is wrong with the arrays of a file; empty if nothing is."""
    for name in (INK, LENGTHS):
        if name not in found:
            return f"there is no array '{name}'"
    ink, lengths = found[INK], found[LENGTHS]
    if ink.ndim != 2 or ink.shape[1] != FEATURES or ink.dtype.kind not in "fiub":
        return f"ink is not rows of three numbers, but of shape {ink.shape} and type {ink.dtype}"
    if lengths.ndim != 1 or lengths.dtype.kind not in "iu" or not len(lengths) or lengths.min() < 1:
        return "lengths are not whole numbers from 1 on"
    if lengths.max() > len(ink) or lengths.sum(dtype=np.int64) != len(ink):
        return f"lengths do not add up to the {len(ink):,} points of ink"
    if TEXTS in found and (found[TEXTS].shape != lengths.shape or found[TEXTS].dtype.kind != "U"):
        return f"texts are not one text for each drawing, but of shape {found[TEXTS].shape}"
    return ""
