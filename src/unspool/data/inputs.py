"""The files of a run: tables, or pairs of line-aligned files, for training and for validation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from unspool.data.arrays import held_by
from unspool.data.drawings import are_drawings
from unspool.data.parallel import ParallelFiles
from unspool.data.read_once import STDIN, can_be_read_again
from unspool.data.reading import Reading
from unspool.data.sequences import DRAWINGS, Held
from unspool.data.tables import Table
from unspool.errors import Mistake

KINDS = ("data", "valid", "aligned", "aligned_valid")


@dataclass(frozen=True, slots=True)
class Files:
    """The files to train on and to validate on.

    data, valid:     tables, or files and folders of sequences, read one after another
    aligned:         instead of `data`, a file of sources and a file of targets, line by line
    aligned_valid:   the same instead of `valid`
    spool:           the temporary folder of those that were made from data in memory
    """

    data: tuple[Path, ...] = ()
    valid: tuple[Path, ...] = ()
    aligned: tuple[Path, ...] = ()
    aligned_valid: tuple[Path, ...] = ()
    spool: Path | None = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        for two in (self.aligned, self.aligned_valid):
            if len(two) not in (0, 2):
                what = f"{two[0]} was given without the other file."
                raise Mistake(
                    what, "Parallel text needs both: --source FILE --target FILE (--valid-source, --valid-target)."
                )
        if bool(self.data) == bool(self.aligned):
            given = "Both a table and parallel files were" if self.data else "No data was"
            raise Mistake(f"{given} given.", "Give a table (pairs.tsv), or --source FILE --target FILE.")

    @classmethod
    def given(cls, *paths: tuple[Path, ...]) -> Files | None:
        """Files from the fields in order; None if all of them are empty."""
        return cls(*paths) if any(paths) else None

    def open(self, reading: Reading) -> tuple[Table | ParallelFiles, Table | ParallelFiles | None]:
        """Training and validation pairs; the latter are None if training data is to be held out instead.

        Validation files with a header have the same names as the training files, in any order.
        """
        pairs = _open(self.data, self.aligned, reading)
        if not self.valid and not self.aligned_valid:
            return pairs, None
        return pairs, _open(self.valid, self.aligned_valid, pairs.reading)

    def held(self, reading: Reading) -> Held:
        """What both sides are, text or real values; files of both kinds together are a `Mistake`."""
        if self.data and are_drawings(self.data + self.valid):
            return DRAWINGS
        return held_by(self.data + self.valid, reading) if self.data else Held()

    def paths(self) -> list[Path]:
        """All paths."""
        return [*self.data, *self.aligned, *self.valid, *self.aligned_valid]

    def refuse_read_once(self) -> None:
        """Raise a `Mistake` if a file of an earlier run cannot be read again."""
        for path in self.paths():
            if not can_be_read_again(path):
                what = f"The data came from {path}, which could be read only once."
                raise Mistake(what, "Give the same data again: unspool train FILE --resume --out DIR")

    def to_json(self, base: Path | None = None) -> dict[str, Any]:
        """Absolute paths, so that a resumed run finds them from any folder; inside `base`, paths that start there.

        Standard input stays `-`.
        """
        return {name: [_written(path, base) for path in getattr(self, name)] for name in KINDS}

    @classmethod
    def from_json(cls, value: Mapping[str, Sequence[str]], base: Path = Path()) -> Files:
        """The inverse of `to_json`."""
        return cls(*(tuple(_found(path, base) for path in value.get(kind, ())) for kind in KINDS))


def _found(path: str, base: Path) -> Path:
    return STDIN if path == str(STDIN) else base / path


def _written(path: Path, base: Path | None) -> str:
    if path == STDIN:
        return str(path)
    absolute = path.absolute()
    inside = base is not None and absolute.is_relative_to(base.absolute())
    return str(absolute.relative_to(base.absolute()) if base is not None and inside else absolute)


def _open(tables: tuple[Path, ...], aligned: tuple[Path, ...], reading: Reading) -> Table | ParallelFiles:
    return ParallelFiles(aligned[0], aligned[1], reading) if aligned else Table(tables, reading)
