"""The difference between two fields that should be equal."""

from __future__ import annotations

import numpy as np

from unspool.fields.field import Field
from unspool.types import SPECIALS, Ink, Values


def difference(one: Field, other: Field) -> str:
    """The difference as part of a sentence; empty if the fields are equal."""
    if one.to_json() == other.to_json():
        return ""
    kinds = ["+".join(field.column_kinds) for field in (one, other)]
    if kinds[0] != kinds[1]:
        return " and ".join(kinds)
    if isinstance(one.dimension, Values | Ink) or isinstance(other.dimension, Values | Ink):
        return f"{kinds[0]} with different scales"
    mine, theirs = symbols_of(one), symbols_of(other)
    if {*mine} != {*theirs}:
        alone = [", ".join(map(repr, sorted({*a} - {*b})[:3])) or "none" for a, b in ((mine, theirs), (theirs, mine))]
        counts = f"{_count(one):,} and {_count(other):,} symbols of {kinds[0]}"
        return f"{counts}; only the first has {alone[0]}, only the second has {alone[1]}"
    moved = next((pair for pair in zip(mine, theirs, strict=False) if pair[0] != pair[1]), None)
    return (
        f"{kinds[0]} in another order: {moved[0]!r} and {moved[1]!r}" if moved else f"{kinds[0]} with different rules"
    )


def symbols_of(field: Field) -> list[str]:
    """All symbols of a field except the reserved ones, as they are displayed."""
    return field.display_ids(np.arange(len(SPECIALS), _count(field)))


def _count(field: Field) -> int:
    count: int = getattr(field.dimension, "count", 0)
    return count
