"""Sequences of real values in .npz files: pictures as rows of points, measurements, sounds, pen strokes.

values:  `[ΣS, F]` numbers, the sequences one after the other
lengths: `[n]` the number of rows of each sequence
targets: `[n]` the target of each sequence, strings or whole numbers; not needed to predict
target_values, target_lengths: `[ΣT, F']` and `[n]` instead of `targets`, for targets of real values
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from unspool.data.npz import ENDING, holds, read_npz
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
NAMES = ("values", "lengths", "targets", "target_values", "target_lengths")


class Arrays(NamedTuple):
    """Sequences `[S, F]`, and the target of each: a text ("" if the file has none), or `[T, F']`."""

    sequences: list[Array]
    targets: list[Raw]

    def chosen(self, numbers: Array) -> Arrays:
        """The sequences with these numbers."""
        return Arrays([self.sequences[number] for number in numbers], [self.targets[number] for number in numbers])

    def split(self, share: float, most: int) -> tuple[Arrays, Arrays]:
        """The sequences in two parts: all but a share, and that share (at least 1, at most `most`); deterministic."""
        if len(self.sequences) < 2:
            what = "There is only one sequence, so none can be held out for validation."
            raise Mistake(what, "Give separate validation data: --valid FILE")
        order = np.random.default_rng(1).permutation(len(self.sequences))
        size = max(1, min(most, round(share * len(order)), len(order) - 1))
        return self.chosen(np.sort(order[size:])), self.chosen(np.sort(order[:size]))


def real_valued(paths: Sequence[Path]) -> bool:
    """Whether these are files of real values; a mixture of them and others is a `Mistake`."""
    endings = {path.suffix.lower() == ENDING for path in paths}
    if len(endings) > 1:
        raise Mistake(f"Real values ({ENDING}) and text cannot be read together.", "Give files of one kind.")
    return True in endings


def writes_values(path: Path) -> bool:
    """Whether the targets of a file are real values; errors of the file are reported later."""
    return holds(path, "target_values")


def read_arrays(paths: Sequence[Path]) -> Arrays:
    """The files one after the other."""
    parts = [_read(path) for path in paths]
    return Arrays([one for part in parts for one in part.sequences], [text for part in parts for text in part.targets])


def write_arrays(path: Path, sequences: Sequence[Array], targets: Sequence[Raw] = ()) -> None:
    """Write sequences `[S, F]`, and the target of each if there are any (texts, or `[T, F']`), whole or not at all."""
    arrays = _flat("values", "lengths", sequences)
    if len(targets) and isinstance(targets[0], np.ndarray):
        arrays |= _flat("target_values", "target_lengths", targets)
    elif len(targets):
        arrays["targets"] = np.array(targets)
    content = io.BytesIO()
    np.savez(content, allow_pickle=False, **arrays)
    replace(path, content.getvalue())


def _flat(values: str, lengths: str, sequences: Sequence[Array]) -> dict[str, Array]:
    rows = np.concatenate(sequences) if len(sequences) else np.zeros((0, 1))
    return {values: rows, lengths: np.array([len(one) for one in sequences], dtype=np.int64)}


def _read(path: Path) -> Arrays:
    found = read_npz(path, NAMES)
    if wrong := _wrong(found):
        raise Mistake(f"{path}: {wrong}.", REMEDY)
    sequences = _sequences(found["values"], found["lengths"])
    if "target_values" in found:
        return Arrays(sequences, [*_sequences(found["target_values"], found["target_lengths"])])
    targets = found.get("targets", np.full(len(sequences), ""))
    return Arrays(sequences, [*_texts(targets, path)])


def _sequences(values: Array, lengths: Array) -> list[Array]:
    """`[S, F]` float64: values are centred before they become float32, since some are far from zero."""
    return np.split(values.astype(np.float64), np.cumsum(lengths.astype(np.int64))[:-1])


def _texts(targets: Array, path: Path) -> Iterator[str]:
    try:
        for target in targets.tolist():
            text = target.decode() if isinstance(target, bytes) else str(target)
            if holds_surrogates(text):
                raise ValueError
            yield text.lower() if isinstance(target, bool) else text
    except ValueError:  # of Python as well: a number that is no character, bytes that are not UTF-8
        raise Mistake(f"{path}: a target is not a text.", REMEDY) from None


def _wrong(found: dict[str, Array]) -> str:
    """The first thing that is wrong with the arrays of a file; empty if nothing is."""
    if wrong := _wrong_side(found, "values", "lengths"):
        return wrong
    count = len(found["lengths"])
    if {"target_values", "target_lengths"} & found.keys():
        if "targets" in found:
            return "there are targets and target_values, and a model writes one of them"
        if wrong := _wrong_side(found, "target_values", "target_lengths"):
            return wrong
        if len(found["target_lengths"]) != count:
            return f"there {_are(count, 'sequence')}, and {len(found['target_lengths']):,} target_lengths"
    if "targets" in found and found["targets"].shape != found["lengths"].shape:
        return f"there {_are(count, 'sequence')}, and targets of shape {found['targets'].shape}"
    if "targets" in found and found["targets"].dtype.kind not in "USiub":
        return f"targets are not texts or whole numbers, but of type {found['targets'].dtype}"
    return ""


def _wrong_side(found: dict[str, Array], values_name: str, lengths_name: str) -> str:
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
