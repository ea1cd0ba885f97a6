"""Conversations from a file: a table of lines and replies, or a text with a blank line between two conversations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from pathlib import Path

from unspool.data.files import read_lines
from unspool.data.formats import reader_of
from unspool.data.reading import USUAL
from unspool.errors import Mistake

TEXT = ".txt"


def read_dialogues(path: Path) -> list[list[str]]:
    """The lines of each conversation.

    path: a table (.csv, .tsv, .jsonl, …), whose first two columns are a line and its reply; or a .txt, in which a blank
          line begins another conversation. A file without a reply is a `Mistake`
    """
    dialogues = list(_of_text(path) if path.suffix.lower() == TEXT else _of_table(path))
    if not any(len(lines) > 1 for lines in dialogues):
        raise Mistake(f"{path} holds no line with a reply.", "A table needs two columns; a .txt a line for each turn.")
    return dialogues


def _of_text(path: Path) -> Iterator[list[str]]:
    for blank, lines in groupby((_cleaned(line) for line in read_lines(path)), key=lambda line: not line):
        if not blank:
            yield list(lines)


def _of_table(path: Path) -> Iterator[list[str]]:
    form, dialect = reader_of(path, USUAL.dialect), USUAL.dialect
    first = form.first_row(path, dialect)
    dialect = replace(dialect, header=USUAL.header(form, first))
    names = dialect.names(first, f"{path}, line 1")[:2]
    if len(names) < 2:
        raise Mistake(f"{path} has one column, and a table of lines needs their replies beside them.", "Add a column.")
    for _, cells in form.cells(path, names, dialect):
        lines = [_cleaned(cell) for cell in cells]
        if all(lines):
            yield lines


def _cleaned(text: str) -> str:
    return " ".join(text.split())
