"""Tables of series from files and frames."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from unspool.config import DataConfig
from unspool.data.dialect import Dialect
from unspool.data.formats import reader_of
from unspool.data.memory import columns_of, is_in_memory
from unspool.errors import Mistake
from unspool.series.long_format import FORMS, is_long, table_of_columns
from unspool.series.series import SeriesTable
from unspool.series.wide_format import table_of_lines

HEADED = Dialect(header="yes")
# Columns of the shortest line of the wide format.
FEWEST = 3
# Names that no table in the wide format has: what is meant is the long one.
HEADS = {"ds", "y", "unique_id", "date", "datetime", "time", "timestamp", "날짜"}


def read_series(
    data: Any, *, past: Sequence[str] | None = None, known: Sequence[str] = (), dialect: Dialect | None = None
) -> SeriesTable:
    """A table of series from a file of any format of tables, a data frame or a dict; see `table_of_columns`.

    A file with the columns `ds` and `y` is in the long format; another is in the wide one. A file or frame that breaks
    a rule is a `Mistake` that names the row or the series.
    """
    if is_in_memory(data):
        return table_of_columns(columns_of(data), past=past, known=known)
    path = Path(data)
    where, chosen = f"{path}: ", dialect or HEADED
    table = reader_of(path, chosen)
    names = chosen.names(table.first_row(path, chosen), f"{path}, line 1")
    if is_long(names):
        rows = [cells for _, cells in table.cells(path, names, chosen) if any(cells)]
        columns = dict(zip(names, zip(*rows, strict=True), strict=True)) if rows else dict.fromkeys(names, ())
        return table_of_columns(columns, past=past, known=known, where=where)
    if len(names) < FEWEST or past or known or HEADS & {name.casefold() for name in names}:
        raise Mistake(f"{path} has no columns 'ds' and 'y': {', '.join(names[:8])}.", FORMS)
    return table_of_lines(table.cells(path, names, chosen), where)


def dialect_of(config: DataConfig) -> Dialect:
    """How a table of series is written: as the settings say, with a header unless they say that there is none."""
    dialect = Dialect.of(config)
    return replace(dialect, header="yes") if dialect.header == "auto" else dialect
