"""Tables in the long format: a row for each value, with the columns `unique_id`, `ds`, `y` and covariates.

Without a column `unique_id` the table is one series. Columns that are not named as covariates known in advance are
covariates of the past. Rows without `y` at the end of a series are its future, with known covariates.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from unspool.data.cells import as_cell
from unspool.errors import Mistake, nearest
from unspool.plural import counted
from unspool.series.checks import Rows, missing_steps, series_of
from unspool.series.series import Series, SeriesTable
from unspool.series.stamps import stamps_of
from unspool.types import Array

NAME, TIME, VALUE = "unique_id", "ds", "y"
ONLY = "series"
FORMS = f"A table has columns {NAME}, {TIME} and {VALUE}, or one series on each line after its name."
# Series that a message names.
NAMED = 3


def is_long(names: Sequence[str]) -> bool:
    """Whether these columns are those of the long format."""
    return TIME in names and VALUE in names


def table_of_columns(
    columns: Mapping[str, Sequence[Any]],
    *,
    past: Sequence[str] | None = None,
    known: Sequence[str] = (),
    where: str = "",
) -> SeriesTable:
    """A table of series from columns of cells.

    past, known: names of covariates; past None: all columns that are not known ones. where: begins errors of a cell
    """
    past = [name for name in columns if name not in (NAME, TIME, VALUE, *known)] if past is None else past
    for name in (TIME, VALUE, *past, *known):
        if name not in columns:
            raise Mistake(f"{where}There is no column '{name}'.", f"{FORMS} {nearest(name, columns)}")
    rows = Rows(
        stamps_of(columns[TIME], where), numbers_of(columns[VALUE], VALUE, where),
        *(_side(columns, names, where) for names in (past, known)),
    )  # fmt: skip
    names = [str(name) for name in columns.get(NAME, [ONLY] * len(rows.values))]
    found, short = list[Series](), list[str]()
    for name, places in _groups(names).items():
        own = Rows(*(side[places] for side in rows))
        series = series_of(name, own, past=tuple(past), known=tuple(known))
        if series is None:
            short.append(name)
        else:
            found.append(series)
    return SeriesTable(found, tuple(past), tuple(known), messages_of(found, short, where))


def messages_of(series: Sequence[Series], short: Sequence[str], where: str = "") -> list[str]:
    """What a person should know about a table: what is left out, and which steps are missing.

    short: the names of series with fewer than two values; if no other is left, that is a `Mistake`
    """
    listed = ", ".join(f"'{name}'" for name in short[:NAMED]) + ", …" * (len(short) > NAMED)
    if not series:
        have = f"{listed} {'has' if len(short) == 1 else 'have'}" if short else "Its series have"
        raise Mistake(f"{where}There is no series to learn from: {have} fewer than two values.", FORMS)
    messages = []
    if short:
        messages.append(
            f"{counted(len(short), 'series has', 'series have')} fewer than two values and left out: {listed}."
        )
    lacking = [(one.name, missing) for one in series if (missing := missing_steps(one))]
    if lacking:
        steps = counted(sum(missing for _, missing in lacking), "missing step", "missing steps")
        most, missing = max(lacking, key=lambda one: one[1])
        what = f"{counted(len(lacking), 'series has', 'series have')} {steps}"
        messages.append(f"{what}, most of them '{most}' ({missing:,}); see series.missing.")
    return messages


def numbers_of(cells: Sequence[Any], column: str, where: str = "") -> Array:
    """Cells as float64; an empty one is NaN, and one that is no number is a `Mistake` that names its row."""
    texts = [as_cell(cell, f"{where}row {number:,}, '{column}',") for number, cell in enumerate(cells, 1)]
    try:
        return np.array([float(text) if text.strip() else np.nan for text in texts])
    except ValueError:
        row, text = next((row, text) for row, text in enumerate(texts, 1) if not _is_number(text))
    remedy = "Give numbers with a point, such as 3.14, or leave the cell empty if the value is not known."
    raise Mistake(f"{where}row {row:,}: '{column}' is {text[:40]!r}, which is no number.", remedy)


def _is_number(text: str) -> bool:
    try:
        float(text or "0")
    except ValueError:
        return not text.strip()
    return True


def _side(columns: Mapping[str, Sequence[Any]], names: Sequence[str], where: str) -> Array:
    """Covariates `[n, C]`."""
    count = len(columns[TIME])
    found = [numbers_of(columns[name], name, where) for name in names]
    return np.stack(found, axis=1) if found else np.zeros((count, 0))


def _groups(names: Sequence[str]) -> dict[str, Array]:
    """The rows of each name, in the order of their first rows."""
    places: dict[str, list[int]] = {}
    for row, name in enumerate(names):
        places.setdefault(name, []).append(row)
    return {name: np.array(rows) for name, rows in places.items()}
