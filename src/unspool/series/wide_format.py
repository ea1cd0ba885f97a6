"""Tables in the wide format of the M4 competition: a series on each line after its name, ragged to the right.

The first line is a header. There are no dates, so that steps are counted from 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from unspool.series.checks import Rows, series_of
from unspool.series.long_format import messages_of, numbers_of
from unspool.series.series import Series, SeriesTable


def table_of_lines(lines: Iterable[tuple[int, Sequence[str]]], where: str = "") -> SeriesTable:
    """A table of series from the number and the cells of each line; empty cells at its end do not count."""
    found, short = list[Series](), list[str]()
    for number, (name, *cells) in lines:
        while cells and not cells[-1].strip():
            cells.pop()
        values = numbers_of(cells, name, f"{where}line {number:,}, ")
        nothing = np.zeros((len(cells), 0))
        series = series_of(name, Rows(np.arange(len(cells)), values, nothing, nothing))
        if series is None:
            short.append(name)
        else:
            found.append(series)
    return SeriesTable(found, messages=messages_of(found, short, where))
