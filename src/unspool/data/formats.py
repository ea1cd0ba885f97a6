"""The table format of each file ending."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from unspool.data import csv_file, jsonl_file, tsv_file
from unspool.data.files import COMPRESSED, format_of
from unspool.errors import Mistake


class Format(NamedTuple):
    """The functions that read a kind of table.

    names: the names of a file's columns
    cells: line number and wanted cells of each row, streamed
    """

    names: Callable[[Path], list[str]]
    cells: Callable[[Path, Sequence[str]], Iterator[tuple[int, tuple[str, ...]]]]


TSV = Format(tsv_file.names, tsv_file.cells)
CSV = Format(csv_file.names, csv_file.cells)
JSONL = Format(jsonl_file.names, jsonl_file.cells)
FORMATS = {".tsv": TSV, ".tab": TSV, ".txt": TSV, ".csv": CSV, ".jsonl": JSONL, ".ndjson": JSONL}

_REMEDIES = {
    ".parquet": "Save it as JSONL: pandas.read_parquet(…).to_json(…, orient='records', lines=True)",
    ".json": "If it has one object on each line, name it .jsonl; otherwise convert it to that.",
    ".xlsx": "Save the sheet as CSV (UTF-8).",
    ".xls": "Save the sheet as CSV (UTF-8).",
}


def reader_of(path: Path) -> Format:
    """The format of a file by its ending; an unknown ending is a `Mistake`."""
    ending = format_of(path)
    if ending in FORMATS:
        return FORMATS[ending]
    known = f"Known: {', '.join(FORMATS)}, each also with {' or '.join(COMPRESSED)}."
    what = f"'{ending}' of {path} is not a format of tables that can be read." if ending else f"{path} has no ending."
    raise Mistake(what, f"{_REMEDIES.get(ending, '')} {known}".strip())
