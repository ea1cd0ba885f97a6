"""Rows of a Parquet file: its columns have names and types, and a cell may be a list of numbers.

The format: https://parquet.apache.org/docs/file-format. The library is pyarrow.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from unspool.data.cells import as_cell, is_sequence
from unspool.data.dialect import Dialect
from unspool.data.files import open_bytes
from unspool.errors import MissingExtra, Mistake

if TYPE_CHECKING:
    from pyarrow.parquet import ParquetFile

# Rows that are in memory at a time.
ROWS = 256


def first_row(path: Path, dialect: Dialect) -> list[str]:
    """The names of the columns."""
    names = [str(name) for name in _open(path).schema_arrow.names]
    if not names:
        raise Mistake(f"{path} has no columns.", "It must have a column for the source and one for the target.")
    return names


def cells(path: Path, wanted: Sequence[str], dialect: Dialect) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The number from 1 and the wanted cells of each row as texts; a missing value is empty."""
    for number, row in objects(path, wanted, dialect):
        for name, cell in zip(wanted, row, strict=True):
            if is_sequence(cell):
                what = f"{path}, line {number}: '{name}' is a list, not a text."
                raise Mistake(what, "Say that it is a sequence of numbers: --columns source=NAME:values,target=…")
        yield number, row


def objects(path: Path, wanted: Sequence[str], dialect: Dialect) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """The same, with lists as they are."""
    number = 0
    for batch in _batches(path, wanted):
        for row in zip(*(batch[name] for name in wanted), strict=True):
            number += 1
            yield (
                number,
                tuple(
                    cell if is_sequence(cell) else as_cell(cell, f"{path}, line {number}: '{name}'")
                    for name, cell in zip(wanted, row, strict=True)
                ),
            )


def _batches(path: Path, wanted: Sequence[str]) -> Iterator[dict[str, list[Any]]]:
    file = _open(path)
    try:
        for batch in file.iter_batches(ROWS, columns=[*dict.fromkeys(wanted)]):
            yield {name: batch.column(name).to_pylist() for name in batch.schema.names}
    except (OSError, ValueError) as error:  # pyarrow's errors are of these
        if isinstance(error, Mistake):
            raise
        raise _damaged(path, error) from None


def _open(path: Path) -> ParquetFile:
    try:
        from pyarrow.parquet import ParquetFile
    except ImportError:
        raise MissingExtra(f"Reading {path}", "parquet") from None
    open_bytes(path).close()  # a missing file, a folder and the like have their own messages
    try:
        return ParquetFile(path)
    except (OSError, ValueError) as error:
        raise _damaged(path, error) from None


def _damaged(path: Path, error: Exception) -> Mistake:
    reason = " ".join(str(error).split())[:160].rstrip(".")
    return Mistake(f"{path} is not a whole Parquet file: {reason}.", "Copy it or write it again.")
