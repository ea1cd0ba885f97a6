"""The table format of each file ending."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from unspool.data import csv_file, jsonl_file, parquet_file, tsv_file
from unspool.data.dialect import Dialect
from unspool.data.files import COMPRESSED, format_of, open_bytes
from unspool.data.read_once import can_be_read_again
from unspool.errors import Mistake


class Format(NamedTuple):
    """The functions that read a kind of table.

    first_row: the cells of a file's first row, or its keys
    cells:     line number and wanted cells of each row, streamed
    headed:    whether the first row names the columns if nothing else is said
    named:     whether it always does
    objects:   as `cells`, with lists and numbers as they are; None: the format has only texts
    """

    first_row: Callable[[Path, Dialect], list[str]]
    cells: Callable[[Path, Sequence[str], Dialect], Iterator[tuple[int, tuple[str, ...]]]]
    headed: bool
    named: bool = False
    objects: Callable[[Path, Sequence[str], Dialect], Iterator[tuple[int, tuple[Any, ...]]]] | None = None


TSV = Format(tsv_file.first_row, tsv_file.cells, headed=False)
CSV = Format(csv_file.first_row, csv_file.cells, headed=True)
JSONL = Format(jsonl_file.first_row, jsonl_file.cells, headed=True, named=True, objects=jsonl_file.objects)
PARQUET = Format(parquet_file.first_row, parquet_file.cells, headed=True, named=True, objects=parquet_file.objects)
FORMATS = {
    ".tsv": TSV, ".tab": TSV, ".txt": TSV, ".csv": CSV, ".jsonl": JSONL, ".ndjson": JSONL, ".parquet": PARQUET,
}  # fmt: skip

_REMEDIES = {
    ".json": "If it has one object on each line, name it .jsonl; otherwise convert it to that.",
    ".xlsx": "Save the sheet as CSV (UTF-8).",
    ".xls": "Save the sheet as CSV (UTF-8).",
}


def reader_of(path: Path, dialect: Dialect) -> Format:
    """The format of a file by its ending; an unknown ending is a `Mistake`.

    Standard input and pipes have no ending: JSONL begins with a brace, and a delimiter other than a tab means CSV.
    """
    ending = format_of(path)
    if ending in FORMATS:
        return FORMATS[ending]
    if not ending and _nameless(path):
        if dialect.delimiter not in (None, "\t"):
            return CSV
        with open_bytes(path) as file:
            return JSONL if file.peek(4).removeprefix(BOM_UTF8)[:1] == b"{" else TSV
    known = f"Known: {', '.join(FORMATS)}, each also with {' or '.join(COMPRESSED)}."
    what = f"'{ending}' of {path} is not a format of tables that can be read." if ending else f"{path} has no ending."
    raise Mistake(what, f"{_REMEDIES.get(ending, '')} {known}".strip())


def _nameless(path: Path) -> bool:
    """Whether this is standard input, a pipe or an open file of the shell (/dev/stdin, /dev/fd/63)."""
    return not can_be_read_again(path) or path.is_relative_to("/dev") or path.is_relative_to("/proc")
