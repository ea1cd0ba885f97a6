"""Pairs with real values in memory, read from every form in which they come.

FILE.npz    all sequences in one array, with their lengths: see `npz_sequences`
FOLDER      a file for each sequence, .csv or .wav: see `sequence_folder`
TABLE       cells that are lists of numbers, or names of files: see `sequence_table`
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from unspool.data import npz_sequences, sequence_folder, sequence_table
from unspool.data.npz import ENDING
from unspool.data.npz_sequences import write_arrays
from unspool.data.reading import USUAL, Reading
from unspool.data.sequences import Held, SequencePair
from unspool.errors import Mistake
from unspool.fields.field import Raw
from unspool.types import Array

__all__ = ["Arrays", "held_by", "held_in", "read_arrays", "read_pairs", "write_arrays"]


class Arrays(NamedTuple):
    """The source and the target of each pair: texts ("" if there are none), or `[S, F]`."""

    sequences: list[Raw]
    targets: list[Raw]

    def chosen(self, numbers: Array) -> Arrays:
        """The pairs with these numbers."""
        return Arrays(*([side[number] for number in numbers] for side in self))

    def split(self, share: float, most: int) -> tuple[Arrays, Arrays]:
        """The pairs in two parts: all but a share, and that share (at least 1, at most `most`); deterministic."""
        if len(self.sequences) < 2:
            what = "There is only one sequence, so none can be held out for validation."
            raise Mistake(what, "Give separate validation data: --valid FILE")
        order = np.random.default_rng(1).permutation(len(self.sequences))
        size = max(1, min(most, round(share * len(order)), len(order) - 1))
        return self.chosen(np.sort(order[size:])), self.chosen(np.sort(order[:size]))


def held_in(path: Path, reading: Reading = USUAL, *, only_source: bool = False) -> Held:
    """What the sides of one file or folder are; what is wrong with a file is said when it is read."""
    if path.suffix.lower() == ENDING:
        return npz_sequences.held(path)
    if not path.is_dir():
        return sequence_table.held(path, reading, only_source=only_source)
    if table := sequence_folder.table_of(path):
        return sequence_table.held(table, reading, only_source=only_source)
    return sequence_folder.held(path)


def held_by(paths: Sequence[Path], reading: Reading = USUAL) -> Held:
    """What the sides of all these are; a mixture of real values and text is a `Mistake`."""
    first = Held()
    for number, path in enumerate(paths):
        held = held_in(path, reading)
        if number and held.real != first.real:
            real, text = (path, paths[0]) if held.real else (paths[0], path)
            what = f"Real values and text cannot be read together: {real} holds real values, and {text} does not."
            raise Mistake(what, "Give files of one kind.")
        first = first if number else held
    return first


def read_pairs(path: Path, reading: Reading = USUAL, *, only_source: bool = False) -> Iterator[SequencePair]:
    """The pairs of one file or folder, one after another."""
    if path.suffix.lower() == ENDING:
        return npz_sequences.read(path)
    if not path.is_dir():
        return sequence_table.read(path, reading, only_source=only_source)
    if table := sequence_folder.table_of(path):
        return sequence_table.read(table, reading, only_source=only_source)
    return sequence_folder.read(path, reading)


def read_arrays(paths: Sequence[Path], reading: Reading = USUAL) -> Arrays:
    """The files one after the other; sequences of unlike widths are a `Mistake` that names the first of them."""
    sequences, targets, widths = list[Raw](), list[Raw](), dict[str, int]()
    for path in paths:
        for source, target, place in read_pairs(path, reading):
            for side, item in (("source", source), ("target", target)):
                _check_width(widths, side, item, place)
            sequences.append(source)
            targets.append(target)
    if not sequences:
        raise Mistake(f"{', '.join(map(str, paths))}: there is no sequence.", "Give at least one.")
    return Arrays(sequences, targets)


def _check_width(widths: dict[str, int], side: str, item: Any, place: str) -> None:
    width = item.shape[1] if isinstance(item, np.ndarray) else 0
    if width != widths.setdefault(side, width):
        known, found = (f"{count:,} numbers a step" if count else "a text" for count in (widths[side], width))
        what = f"{place}: the {side} has {found}, and the first has {known}."
        raise Mistake(what, "All sequences of a side have the same features in the same order.")
