"""Sequences of real values in .npz files: pictures as rows of points, measurements, sounds, pen strokes.

values:  `[ΣS, F]` numbers, the sequences one behind the other
lengths: `[n]` how many rows each of them has
targets: `[n]` what is to be written for each, strings or whole numbers; not needed to predict
"""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from unspool.errors import Mistake
from unspool.types import Array

ENDING = ".npz"
REMEDY = "Write it with numpy.savez(path, values=…, lengths=…, targets=…): [ΣS, F], [n] and [n]."


class Arrays(NamedTuple):
    """Sequences `[S, F]`, and what is to be written for each; targets are "" where a file has none."""

    sequences: list[Array]
    targets: list[str]

    def chosen(self, numbers: Array) -> Arrays:
        """Some of them."""
        return Arrays([self.sequences[number] for number in numbers], [self.targets[number] for number in numbers])

    def parted(self, share: float, most: int) -> tuple[Arrays, Arrays]:
        """Without a share of them, at most so many and at least one, and those; the same ones every time."""
        if len(self.sequences) < 2:
            what = "There is only one sequence, so none can be held out for validation."
            raise Mistake(what, "Give validation data of its own: --valid FILE")
        order = np.random.default_rng(1).permutation(len(self.sequences))
        size = max(1, min(most, round(share * len(order)), len(order) - 1))
        return self.chosen(np.sort(order[size:])), self.chosen(np.sort(order[:size]))


def real_valued(paths: Sequence[Path]) -> bool:
    """Whether these are files of real values; a mixture of them and others is a `Mistake`."""
    endings = {path.suffix.lower() == ENDING for path in paths}
    if len(endings) > 1:
        raise Mistake(f"Real values ({ENDING}) and text cannot be read together.", "Give files of one kind.")
    return True in endings


def read_arrays(paths: Sequence[Path]) -> Arrays:
    """The files one behind the other."""
    parts = [_read(path) for path in paths]
    return Arrays([one for part in parts for one in part.sequences], [text for part in parts for text in part.targets])


def _read(path: Path) -> Arrays:
    try:
        with np.load(path, allow_pickle=False) as file:
            found = {name: file[name] for name in ("values", "lengths", "targets") if name in file}
    except FileNotFoundError:
        raise Mistake(f"There is no file {path}.", "Check the path.") from None
    except (ValueError, OSError, EOFError, zipfile.BadZipFile) as error:
        raise Mistake(f"{path} cannot be read: {error}.", REMEDY) from None
    if wrong := _wrong(found):
        raise Mistake(f"{path}: {wrong}.", REMEDY)
    lengths = found["lengths"].astype(np.int64)
    sequences = np.split(found["values"].astype(np.float32), np.cumsum(lengths)[:-1])
    targets = found.get("targets", np.full(len(lengths), ""))
    return Arrays(sequences, [str(target) for target in targets.tolist()])


def _wrong(found: dict[str, Array]) -> str:
    """The first thing that is wrong with the arrays of a file; empty where all is well."""
    for name in ("values", "lengths"):
        if name not in found:
            return f"there is no array '{name}'"
    values, lengths = found["values"], found["lengths"]
    if values.ndim != 2 or values.dtype.kind not in "fiu" or not np.isfinite(values).all():
        return f"values are not rows of finite numbers, but of shape {values.shape} and type {values.dtype}"
    if lengths.ndim != 1 or lengths.dtype.kind not in "iu" or lengths.min(initial=1) < 1 or not len(lengths):
        return "lengths are not whole numbers from 1 on"
    if lengths.sum() != len(values):
        return f"lengths add up to {lengths.sum():,}, and there {_are(len(values), 'row')} of values"
    if "targets" in found and found["targets"].shape != lengths.shape:
        return f"there {_are(len(lengths), 'sequence')}, and targets of shape {found['targets'].shape}"
    return ""


def _are(count: int, what: str) -> str:
    return f"is 1 {what}" if count == 1 else f"are {count:,} {what}s"
