"""Counts with the words that go with them."""

from __future__ import annotations


def counted(count: int, one: str, many: str) -> str:
    """A count with the words that go with it.

    >>> counted(1, "line was", "lines were"), counted(2000, "line was", "lines were")
    ('1 line was', '2,000 lines were')
    """
    return f"{count:,} {one if count == 1 else many}"
