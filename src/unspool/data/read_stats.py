"""Counts of one pass over the data, and messages about them."""

from __future__ import annotations

from dataclasses import dataclass

from unspool.plural import counted


@dataclass(slots=True)
class ReadStats:
    """Counts of one pass, each with the file and line where it first happened.

    rows:          usable pairs
    skipped_empty: rows whose source or target was blank
    skipped_long:  rows whose source or target was longer than the limit
    tabs:          rows where a tab inside one of several joined columns was read as a space
    """

    max_line: int = 0
    rows: int = 0
    skipped_empty: int = 0
    first_empty: str | None = None
    skipped_long: int = 0
    first_long: str | None = None
    tabs: int = 0
    first_tab: str | None = None

    def empty(self, where: str) -> None:
        """Count a row without source or target."""
        self.skipped_empty += 1
        self.first_empty = self.first_empty or where

    def long(self, where: str) -> None:
        """Count a row that is too long."""
        self.skipped_long += 1
        self.first_long = self.first_long or where

    def tab(self, where: str) -> None:
        """Count a row with a tab inside a joined column."""
        self.tabs += 1
        self.first_tab = self.first_tab or where

    @property
    def skipped(self) -> int:
        """Rows that were skipped."""
        return self.skipped_empty + self.skipped_long

    def messages(self) -> list[str]:
        """A sentence for each count that is not zero."""
        counts = [
            (self.skipped_empty, "skipped because source or target is empty", self.first_empty),
            (
                self.skipped_long,
                f"skipped because they exceed {counted(self.max_line, 'character', 'characters')}",
                self.first_long,
            ),
            (self.tabs, "with a tab inside a joined column, which is read as a space", self.first_tab),
        ]
        return [f"Rows {what}: {count:,} (the first: {where})." for count, what, where in counts if count]
