"""How a table is read: which columns, and in which dialect."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from unspool.config import DataConfig, validated
from unspool.config.data import USUAL_FRAMES, FrameSettings
from unspool.data.columns import Column, Columns, Rows, match, parse_columns, resolve
from unspool.data.dialect import PLAIN, Dialect, HeaderChoice
from unspool.data.formats import Format, reader_of
from unspool.errors import Mistake

# Rows that are looked at to propose which columns to read.
SHOWN_ROWS = 1000


@dataclass(frozen=True, slots=True)
class Reading:
    """How the files of a table are read.

    columns:  those that are asked for; None: a file has only two
    known:    those of the training data, if a header named them; a file with a header must have the same names
    max_line: characters; a row whose source or target is longer is skipped and counted
    whole_lines: whether a line of text is a source as it stands, with its tabs
    frames:   how sound becomes frames
    """

    columns: Columns | None = None
    known: Columns | None = None
    dialect: Dialect = PLAIN
    max_line: int = 20_000
    whole_lines: bool = False
    frames: FrameSettings = USUAL_FRAMES

    @classmethod
    def of(cls, config: DataConfig, known: Columns | None = None) -> Reading:
        """As the settings say."""
        columns = parse_columns(config.columns) if config.columns else None
        return cls(columns, known, Dialect.of(config), config.max_line, frames=config.frames)

    def first_row(self, path: Path) -> list[str]:
        """The cells of a file's first row, or its keys."""
        return reader_of(path, self.dialect).first_row(path, self.dialect)

    def settle(self, path: Path, *, only_source: bool = False) -> Settled:
        """Decide how one file is read, from its first row. only_source: targets need not be there."""
        form = reader_of(path, self.dialect)
        first = form.first_row(path, self.dialect)
        dialect = replace(self.dialect, header=self.header(form, first))

        def shown() -> list[tuple[str, ...]]:
            return first_rows(path, form, dialect, dialect.names(first, str(path)))

        _, columns = self.columns_of(first, dialect.header, path, only_source=only_source, first_rows=shown)
        return Settled(path, form, dialect, columns)

    def settle_all(self, paths: Sequence[Path]) -> tuple[list[Settled], Reading]:
        """Decide how several files are read; the first header names the columns of the later ones.

        Returns the reading with these names, too.
        """
        reading, settled = self, list[Settled]()
        for path in paths:
            one = reading.settle(path)
            settled.append(one)
            if one.dialect.headed and reading.known is None:
                reading = replace(reading, known=one.columns)
        return settled, reading

    def header(self, form: Format, first: Sequence[str]) -> HeaderChoice:
        """Whether a first row names the columns: yes or no."""
        if form.named:
            return "yes"
        if self.dialect.header != "auto":
            return self.dialect.header
        wanted = self.columns or self.known
        names = [name for name in wanted.wanted if not name.isdecimal()] if wanted else []
        return "yes" if form.headed or (names and {*names} <= {*first}) else "no"

    def columns_of(
        self, first: Sequence[str], header: HeaderChoice, name: object, *, only_source: bool,
        first_rows: Callable[[], Rows] = lambda: (),
    ) -> tuple[list[str], Columns]:  # fmt: skip
        """The names of the columns, given the first row, and those to read. first_rows: for a proposal."""
        names = replace(self.dialect, header=header).names(first, f"{name}, line 1")
        asked, known = self.columns, self.known
        if only_source:
            asked, known = asked and Columns(asked.source, None), known and Columns(known.source, None)
        if known and header == "yes":
            return names, match(known, names, name)
        if only_source and asked is None and len(names) == 1:
            return names, Columns((Column(names[0]),), None)
        found = resolve(asked, names, name, first_rows)
        return names, Columns(found.source, None) if only_source else found


USUAL = Reading()


def reading_as(
    config: DataConfig, known: Columns | None, given: Mapping[str, str | None], *, typed: bool = False
) -> Reading:
    """How a file is read with a trained model: as the training data was, changed by what is given.

    known: the columns of training, if a header named them; given: `columns`, `header`, `delimiter` and `encoding`
    typed: whether it is for lines that a person types, which have no header and no delimiter unless they are given

    A file has the encoding of training only if that is given, since other bytes would be read as other letters.
    """
    changes = {name: value for name, value in given.items() if value is not None}
    default = {"encoding": None} | ({"header": "auto", "delimiter": None} if typed else {})
    return Reading.of(
        validated(DataConfig, config.model_dump() | default | changes, "data"), None if "columns" in changes else known
    )


def first_rows(path: Path, form: Format, dialect: Dialect, names: Sequence[str]) -> list[tuple[str, ...]]:
    """All columns of the first rows of a file; fewer rows if one breaks a rule, which is reported when it is read."""
    rows: list[tuple[str, ...]] = []
    with suppress(Mistake):
        rows.extend(row for _, row in islice(form.cells(path, names, dialect), SHOWN_ROWS))
    return rows


class Settled(NamedTuple):
    """How one file is read."""

    path: Path
    form: Format
    dialect: Dialect
    columns: Columns

    def rows(self) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Line number and cells of each row, the source's first."""
        return self.form.cells(self.path, self.columns.wanted, self.dialect)

    def objects(self) -> Iterator[tuple[int, tuple[Any, ...]]]:
        """The same with cells as the file has them: numbers and lists, too, if its format knows any."""
        read = self.form.objects or self.form.cells
        return read(self.path, self.columns.wanted, self.dialect)
