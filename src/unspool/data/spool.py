"""Data from memory as files: training reads them several times, and a resumed run reads them again."""

from __future__ import annotations

import gzip
import io
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from unspool.arguments import in_python
from unspool.data.arrays import write_arrays
from unspool.data.cells import as_cell, as_sequence, is_sequence
from unspool.data.drawings import may_be_drawn, write_drawings
from unspool.data.inputs import KINDS, Files
from unspool.data.memory import PAIR, cells, check_arrays, columns_of, is_in_memory, pairs_of
from unspool.errors import Mistake
from unspool.folder import DATA
from unspool.storage.atomic import replace
from unspool.types import Array

# Most of the size is saved at the first levels.
LEVEL = 3
# Text that shrinks more than this is kept as it is.
BELIEVED = 50


@dataclass(frozen=True, slots=True)
class Spool:
    """A temporary folder with the data that was given in memory."""

    folder: Path

    def file(self, data: object, name: str) -> Path:
        """The data as a file: JSONL with a column for each of its columns, or an .npz if it is pairs with arrays.

        Pairs of a text and an array that may be a drawing are ink, see `fields.ink`.
        """
        pairs = pairs_of(data)
        if pairs and any(isinstance(side, np.ndarray) for side in pairs[0]):
            return self._npz(pairs, name)
        columns = columns_of(data)
        lists = {key for key, column in columns.items() if is_sequence(_first(column))}
        # Numbers are exact in JSON.
        path = self.folder / (f"{name}.jsonl" if lists else f"{name}.jsonl.gz")
        with path.open("wb") as raw, raw if lists else gzip.GzipFile("", "wb", LEVEL, raw, mtime=0) as file:
            for number, row in enumerate(zip(*columns.values(), strict=True), 1):
                cells_of = {
                    key: _plain(as_sequence(value, place)) if key in lists else as_cell(value, place)
                    for key, value in zip(columns, row, strict=True)
                    for place in [f"Row {number}, '{key}',"]
                }
                file.write(json.dumps(cells_of, ensure_ascii=False).encode() + b"\n")
        return path if lists else _believable(path)

    def _npz(self, pairs: list[tuple[object, object]], name: str) -> Path:
        sides = [[*side] for side in zip(*pairs, strict=True)]
        for side, what in zip(sides, PAIR, strict=True):
            if isinstance(side[0], np.ndarray):
                check_arrays(side, what)
        path = self.folder / f"{name}.npz"
        sources, targets = (cells(side, what.capitalize()) for side, what in zip(sides, PAIR, strict=True))
        if not isinstance(sources[0], np.ndarray) and all(map(may_be_drawn, targets)):
            write_drawings(path, targets, sources if any(sources) else ())
        else:
            write_arrays(path, sources, targets)
        return path

    def paths(self, given: object, name: str) -> tuple[Path, ...]:
        """The files of data that may be paths, or in memory; empty if nothing is given."""
        if given is None:
            return ()
        if is_in_memory(given):
            return (self.file(given, name),)
        return (Path(given),) if isinstance(given, str | Path) else tuple(Path(path) for path in given)  # type: ignore[attr-defined]

    def spoken(self, message: str) -> str:
        """A message as its reader knows the data: rows of it, not lines of a temporary file; arguments, not flags."""
        for path in self.folder.iterdir():
            message = message.replace(f"{path}, line ", "row ").replace(
                str(path), f"the {path.name.split('.')[0]} data"
            )
        return in_python(message[:1].upper() + message[1:])


def _believable(path: Path) -> Path:
    """The file, or an unpacked one if it shrank as much as a bomb does, because all rows are alike."""
    with gzip.open(path) as file:
        expanded = file.seek(0, io.SEEK_END)
        if expanded <= BELIEVED * path.stat().st_size:
            return path
        file.seek(0)
        unpacked = path.with_suffix("")
        with unpacked.open("wb") as into:
            shutil.copyfileobj(file, into)
    path.unlink()
    return unpacked


def _plain(sequence: Array) -> list[Any]:
    """A sequence as lists; single numbers need no list of their own."""
    return (sequence[:, 0] if sequence.shape[1] == 1 else sequence).tolist()  # type: ignore[no-any-return]


def _first(column: list[object]) -> object:
    """The first cell that is not missing."""
    return next((cell for cell in column if is_sequence(cell) or cell is not None), None)


@contextmanager
def spooled() -> Iterator[Spool]:
    """A spool for a while. A `Mistake` in this context speaks of rows and arguments."""
    with TemporaryDirectory(prefix="unspool-") as folder:
        spool = Spool(Path(folder))
        try:
            yield spool
        except Mistake as mistake:
            what, remedy = spool.spoken(mistake.what), spool.spoken(mistake.remedy)
            if (what, remedy) == (mistake.what, mistake.remedy):
                raise
            raise Mistake(what, remedy) from None


def keep(files: Files, out: Path) -> None:
    """Copy the files of a spool into a run's folder, where a resumed run finds them."""
    for path, copy in _copies(files, out).items():
        replace(copy, path.read_bytes())


def _copies(files: Files, out: Path) -> dict[Path, Path]:
    return {path: out / DATA / path.name for path in files.paths() if path.parent == files.spool}


def kept_files(files: Files, out: Path) -> Files:
    """The same files, those of a spool where `keep` copies them."""
    copies = _copies(files, out)
    return (
        files
        if not copies
        else Files(*(tuple(copies.get(path, path) for path in getattr(files, kind)) for kind in KINDS))
    )
