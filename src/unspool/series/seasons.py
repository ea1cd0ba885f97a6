"""How long the seasons of a series are: as given, as its dates suggest, or as its values show."""

from __future__ import annotations

import numpy as np

from unspool.errors import Mistake
from unspool.series.series import Series
from unspool.types import Array

# A season that is looked for occurs this often, and changes one season apart are at least this alike.
OFTEN, ALIKE, LONGEST = 3, 0.3, 1500


def seasons_of(series: Series, given: str | None) -> tuple[int, ...]:
    """The seasons in steps, the shortest first; empty if there is none. given: as in `series.season`."""
    if given is not None:
        return parse_seasons(given)
    return series.step.seasons or found_season(series.values)


def parse_seasons(text: str) -> tuple[int, ...]:
    """
    >>> parse_seasons("168, 24"), parse_seasons("1")
    ((24, 168), ())
    """
    try:
        lengths = sorted({int(part) for part in text.split(",")})
    except ValueError:
        lengths = [0]
    if lengths[0] < 1:
        raise Mistake(f"A season is a number of steps, not {text!r}.", "Write --season 24, or --season 24,168")
    return tuple(length for length in lengths if length > 1)


def found_season(values: Array) -> tuple[int, ...]:
    """The lag of 2 or more steps at which changes are most alike, if alike enough; missing steps are bridged."""
    present = values[~np.isnan(values)]
    most = min(len(present) // OFTEN, LONGEST)
    changes = np.diff(present)
    power = float(changes @ changes)
    if most < 2 or power == 0:
        return ()
    spectrum = np.fft.rfft(changes, 2 * len(changes))
    likeness = np.fft.irfft(np.square(np.abs(spectrum)))[: most + 1] / power
    lag = 2 + int(np.argmax(likeness[2:]))
    return (lag,) if likeness[lag] > ALIKE else ()
