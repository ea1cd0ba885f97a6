"""What is seen inside a network, before it is a page, a picture or JSON: heat maps in rows, in sections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from unspool.types import Array

# Attention over many columns has no large weights: if none is above this, the largest of a map has the full colour.
PALE = 0.25

# A text in each language of `report.bilingual_page`.
Texts: TypeAlias = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class HeatMap:
    """Numbers as colours.

    title:   what it shows, short: it stands beside others
    rows, columns: their names; empty rows are units, which have numbers from 1
    values:  `[rows, columns]`
    signed:  whether numbers below zero have a colour of their own
    limit:   the number with the full colour
    by_row:  whether the largest of each row has it instead
    split:   the column before which there is a line; 0 without one
    table:   whether a page has its main numbers as a table, too
    numbered: whether a page writes numbers into cells that are wide enough
    """

    title: Texts
    rows: Sequence[str]
    columns: Sequence[str]
    values: Array
    signed: bool = False
    limit: float = 1.0
    by_row: bool = False
    split: int = 0
    table: bool = True
    numbered: bool = False

    @property
    def of_units(self) -> bool:
        """Whether its rows are units."""
        return not self.rows

    @property
    def shades(self) -> Array:
        """How strong each colour is, `[rows, columns]` from -1 or 0 to 1."""
        largest = np.abs(self.values).max(axis=1, keepdims=True, initial=0.0) if self.by_row else self.limit
        shades: Array = np.clip(self.values / np.where(np.asarray(largest) > 0, largest, 1.0), -1, 1)
        return shades


def attention_limit(weights: Array) -> float:
    """The weight with the full colour, of weights `[rows, columns]`: 1, or the largest if all of them are small."""
    largest = float(weights.max(initial=0.0))
    return largest if 0 < largest <= PALE else 1.0


@dataclass(frozen=True, slots=True)
class PanelRow:
    """Heat maps beside each other, under one title."""

    title: Texts
    maps: Sequence[HeatMap]


@dataclass(frozen=True, slots=True)
class PagePart:
    """What only a page has: its HTML in each language, and a style and a script that it needs once in a page."""

    html: Texts
    style: str = ""
    script: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """All that is shown of one source and its answer in one way.

    title:  what was read and written, as it is in every language
    key:    how it is read
    page_parts: after the heat maps of a page
    """

    title: str
    key: Texts
    rows: Sequence[PanelRow]
    page_parts: Sequence[PagePart] = ()
