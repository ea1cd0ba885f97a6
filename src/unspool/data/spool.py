"""Data from memory as files: training reads them several times, and a resumed run reads them again."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from unspool.arguments import in_python
from unspool.data.arrays import write_arrays
from unspool.data.drawings import write_drawings
from unspool.data.inputs import KINDS, Files
from unspool.data.memory import as_cell, cells, check_arrays, columns_of, is_in_memory, pairs_of
from unspool.errors import Mistake
from unspool.folder import DATA
from unspool.storage.atomic import replace

# Most of the size is saved at the first levels.
LEVEL = 3


@dataclass(frozen=True, slots=True)
class Spool:
    """A temporary folder with the data that was given in memory."""

    folder: Path

    def file(self, data: object, name: str) -> Path:
        """The data as a file: JSONL with a column for each of its columns, or an .npz if it has arrays.

        Pairs of a text and an array are ink, see `fields.ink`.
        """
        pairs = pairs_of(data)
        if pairs and isinstance(pairs[0][0], np.ndarray):
            sequences, targets = ([*side] for side in zip(*pairs, strict=True))
            check_arrays(sequences, "source")
            if isinstance(targets[0], np.ndarray):
                check_arrays(targets, "target")
            write_arrays(self.folder / f"{name}.npz", sequences, cells(targets, "Target"))
            return self.folder / f"{name}.npz"
        if pairs and isinstance(pairs[0][1], np.ndarray):
            texts, drawings = ([*side] for side in zip(*pairs, strict=True))
            check_arrays(drawings, "target")
            known = cells(texts, "Source")
            write_drawings(self.folder / f"{name}.npz", drawings, known if any(known) else ())
            return self.folder / f"{name}.npz"
        path = self.folder / f"{name}.jsonl.gz"
        columns = columns_of(data)
        with path.open("wb") as raw, gzip.GzipFile("", "wb", LEVEL, raw, mtime=0) as file:
            for number, row in enumerate(zip(*columns.values(), strict=True), 1):
                texts = [as_cell(value, f"Row {number}, '{key}',") for key, value in zip(columns, row, strict=True)]
                line = json.dumps(dict(zip(columns, texts, strict=True)), ensure_ascii=False)
                file.write(line.encode() + b"\n")
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
