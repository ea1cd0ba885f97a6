"""Sequences in .npz files: all of them in one array, one after the other, with their lengths.

values:  `[ΣS, F]` numbers, the sequences one after the other
lengths: `[n]` the number of rows of each sequence
targets: `[n]` the target of each sequence, strings or whole numbers; not needed to predict
target_values, target_lengths: `[ΣT, F']` and `[n]` instead of `targets`, for targets of real values
sources: `[n]` strings or whole numbers instead of `values` and `lengths`, for sources that are texts
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from unspool.data.npz import holds, read_npz
from unspool.data.sequences import TEXT, VALUES, Held, SequencePair
from unspool.errors import Mistake
from unspool.fields.field import Raw
from unspool.fields.values import first_wrong_row
from unspool.storage.atomic import replace
from unspool.text.surrogates import holds_surrogates
from unspool.types import Array

REMEDY = (
    "Write it with numpy.savez(path, values=…, lengths=…, targets=…): [ΣS, F], [n] and [n]; "
    "for targets of real values target_values=…, target_lengths=…: [ΣT, F'] and [n]."
)
# The arrays of each side, if it is real values; and if it is text.
REAL = {"source": ("values", "lengths"), "target": ("target_values", "target_lengths")}
TEXTS = {"source": "sources", "target": "targets"}
NAMES = (*REAL["source"], *REAL["target"], *TEXTS.values())


def held(path: Path) -> Held:
    """Which sides of a file are real values; errors of the file are reported when it is read."""
    source = TEXT if holds(path, "sources") and not holds(path, "values") else VALUES
    return Held(source, VALUES if holds(path, "target_values") else TEXT)


def read(path: Path) -> Iterator[SequencePair]:
    """The pairs of a file; whatever is wrong with it is a `Mistake`."""
    found = read_npz(path, NAMES)
    if wrong := _wrong(found):
        raise Mistake(f"{path}: {wrong}.", REMEDY)
    sides = [_side(found, side, path) for side in ("source", "target")]
    count = max(map(len, sides))
    sources, targets = (side or [""] * count for side in sides)
    for number, (source, target) in enumerate(zip(sources, targets, strict=True), 1):
        yield SequencePair(source, target, f"{path}, sequence {number}")


def write_arrays(path: Path, sources: Sequence[Raw], targets: Sequence[Raw] = ()) -> None:
    """Write sources and their targets, if there are any (each side texts, or `[S, F]`), whole or not at all."""
    arrays: dict[str, Array] = {}
    for side, items in (("source", sources), ("target", targets)):
        if len(items) and not isinstance(items[0], np.ndarray):
            arrays[TEXTS[side]] = np.array(items)
        elif len(items) or side == "source":
            rows = np.concatenate(items) if len(items) else np.zeros((0, 1))
            lengths = np.array([len(one) for one in items], dtype=np.int64)
            arrays |= dict(zip(REAL[side], (rows, lengths), strict=True))
    content = io.BytesIO()
    np.savez(content, allow_pickle=False, **arrays)
    replace(path, content.getvalue())


def _side(found: dict[str, Array], side: str, path: Path) -> Sequence[Raw]:
    """The items of one side; none if the file has none."""
    values_name, lengths_name = REAL[side]
    if values_name in found:
        # Float64: values are centred before they become float32, since some are far from zero.
        values, lengths = found[values_name].astype(np.float64), found[lengths_name].astype(np.int64)
        return np.split(values, np.cumsum(lengths)[:-1])
    return [*_texts(found[TEXTS[side]], path, side)] if TEXTS[side] in found else []


def _texts(targets: Array, path: Path, side: str) -> Iterator[str]:
    try:
        for target in targets.tolist():
            text = target.decode() if isinstance(target, bytes) else str(target)
            if holds_surrogates(text):
                raise ValueError
            yield text.lower() if isinstance(target, bool) else text
    except ValueError:  # of Python as well: a number that is no character, bytes that are not UTF-8
        raise Mistake(f"{path}: a {side} is not a text.", REMEDY) from None


def _wrong(found: dict[str, Array]) -> str:
    """The first thing that is wrong with the arrays of a file; empty if nothing is."""
    if {*REAL["source"]} & found.keys() or "sources" not in found:
        if wrong := _wrong_values(found, *REAL["source"]):
            return wrong
        if "sources" in found:
            return "there are sources and values, and a model reads one of them"
    counted = "lengths" if "lengths" in found else "sources"
    if found[counted].ndim != 1:
        return f"{counted} are of shape {found[counted].shape}"
    count = len(found[counted])
    if {*REAL["target"]} & found.keys():
        if "targets" in found:
            return "there are targets and target_values, and a model writes one of them"
        if wrong := _wrong_values(found, *REAL["target"]):
            return wrong
        if len(found["target_lengths"]) != count:
            return f"there {_are(count, 'sequence')}, and {len(found['target_lengths']):,} target_lengths"
    if "targets" in found and found["targets"].shape != (count,):
        return f"there {_are(count, 'sequence')}, and targets of shape {found['targets'].shape}"
    for name in TEXTS.values():
        if name in found and found[name].dtype.kind not in "USiub":
            return f"{name} are not texts or whole numbers, but of type {found[name].dtype}"
    return ""


def _wrong_values(found: dict[str, Array], values_name: str, lengths_name: str) -> str:
    for name in (values_name, lengths_name):
        if name not in found:
            return f"there is no array '{name}'"
    values, lengths = found[values_name], found[lengths_name]
    if values.ndim != 2 or values.dtype.kind not in "fiu":
        return f"{values_name} are not rows of numbers, but of shape {values.shape} and type {values.dtype}"
    if not values.shape[1]:
        return f"{values_name} are rows without a number: their shape is {values.shape}"
    if not len(values) and not len(lengths):
        return f"{values_name} and {lengths_name} are empty"
    if wrong := first_wrong_row(values):
        return f"{values_name}: {wrong}"
    if lengths.ndim != 1 or lengths.dtype.kind not in "iu" or lengths.min(initial=1) < 1 or not len(lengths):
        return f"{lengths_name} are not whole numbers from 1 on"
    if lengths.max() > len(values):  # before the sum, which could wrap
        return f"{lengths_name} hold {lengths.max():,}, and there {_are(len(values), 'row')} of {values_name}"
    if (total := lengths.sum(dtype=np.int64)) != len(values):
        return f"{lengths_name} add up to {total:,}, and there {_are(len(values), 'row')} of {values_name}"
    return ""


def _are(count: int, what: str) -> str:
    return f"is 1 {what}" if count == 1 else f"are {count:,} {what}s"
