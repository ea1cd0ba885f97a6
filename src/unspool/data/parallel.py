"""Pairs from two text files aligned by line: line n of one is the source of line n of the other."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path

from unspool.data.columns import FIRST_TWO
from unspool.data.files import read_lines
from unspool.data.lines import without_ending
from unspool.data.read_stats import ReadStats
from unspool.data.reading import USUAL, Reading
from unspool.data.tables import Pair, check, refuse_nothing
from unspool.errors import Mistake
from unspool.plural import counted


class ParallelFiles:
    """Two line-aligned files with the interface of a `Table`.

    Different numbers of lines are a `Mistake`, raised at the end of the shorter file: all pairs after the missing line
    are wrong.
    """

    columns = FIRST_TWO

    def __init__(self, source: Path, target: Path, reading: Reading = USUAL) -> None:
        """Read the first lines, so that a missing file is an error at once; columns do not apply to such files."""
        if reading.columns:
            raise Mistake(
                "--columns cannot be combined with --source and --target.", "Leave it out: each file is one column."
            )
        self.source, self.target, self.reading = source, target, reading
        self.paths, self.stats = [source, target], ReadStats(reading.max_line)
        for path in self.paths:
            if next(self._lines(path), None) is None:
                raise Mistake(f"{path} is empty.", "It must have one text on each line.")

    def __iter__(self) -> Iterator[Pair]:
        """Read both files from the start."""
        stats = self.stats = ReadStats(self.reading.max_line)
        for line, (source, target) in enumerate(zip_longest(*map(self._lines, self.paths)), 1):
            if source is None or target is None:
                raise self._misaligned()
            pair = Pair((without_ending(source),), (without_ending(target),), line)
            checked = check(pair, self.source, stats)
            if checked is not None:
                yield checked
        refuse_nothing(stats, f"{self.source} and {self.target}")

    def _misaligned(self) -> Mistake:
        source, target = (sum(1 for _ in self._lines(path)) for path in self.paths)
        what = f"{self.source} has {counted(source, 'line', 'lines')} and {self.target} has {target:,}."
        return Mistake(what, "They must be aligned: line n of one belongs to line n of the other.")

    def _lines(self, path: Path) -> Iterator[str]:
        return read_lines(path, self.reading.dialect.encoding)
