"""A large table of sources and answers that opens at once: `dictionary.tsv.gz` in a model's folder.

Lines are a source, a tab and its answer, in the order of the sources' bytes in UTF-8; several lines for one source are
its answers, best first. The text stays one piece of memory, in which a source is found by bisection, so that opening a
hundred thousand words takes no longer than to decompress them. Nothing else is checked: who writes it, checks it.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from unspool.data.files import damage_said, open_bytes
from unspool.errors import Mistake

# A file that grows to more than this is no dictionary of ours.
LARGEST = 200_000_000


class SortedTable(Mapping[str, tuple[str, ...]]):
    """The answers to each source. content: sorted lines, each with its line feed."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def __getitem__(self, source: str) -> tuple[str, ...]:
        """The answers to a source, best first."""
        key = source.encode("utf-8", "surrogatepass")
        place, answers = self._place(key), list[str]()
        while self._content.startswith(key + b"\t", place):
            end = self._content.index(b"\n", place)
            answers.append(self._content[place + len(key) + 1 : end].decode())
            place = end + 1
        if not answers:
            raise KeyError(source)
        return tuple(answers)

    def __iter__(self) -> Iterator[str]:
        """The sources, in order."""
        sources = (line.partition(b"\t")[0].decode() for line in self._content.splitlines())
        return iter(dict.fromkeys(sources))

    def __len__(self) -> int:
        """The number of sources; it reads the whole table."""
        return sum(1 for _ in self)

    def _place(self, key: bytes) -> int:
        """Where the first line begins whose source is not before the key."""
        low, high = 0, len(self._content)
        while low < high:
            begin = self._content.rfind(b"\n", 0, (low + high) // 2) + 1
            end = self._content.index(b"\n", begin)
            if self._content[begin:end].partition(b"\t")[0] < key:
                low = end + 1
            else:
                high = begin
        return low


def read_sorted_table(path: Path) -> SortedTable:
    """The table in a compressed file; a damaged one is a `Mistake`."""
    with open_bytes(path) as file, damage_said(path):
        content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise Mistake(f"{path} is larger than {LARGEST:,} bytes.", "Split the dictionary, or leave rare sources out.")
    if content and not content.endswith(b"\n"):
        raise Mistake(f"{path} does not end with a line feed.", "It is truncated; copy the folder again.")
    return SortedTable(content)


def sorted_table_bytes(entries: Iterable[tuple[str, str]]) -> bytes:
    """A compressed file of sources with their answers, the same bytes for the same entries.

    Answers to one source keep their order. A tab or a line feed in one is a `Mistake`.
    """
    lines: list[tuple[bytes, bytes]] = []
    for source, answer in entries:
        if any(mark in text for text in (source, answer) for mark in "\t\r\n"):
            raise Mistake(f"{source[:40]!r} or its answer has a tab or a line end.", "A line is source, tab, answer.")
        lines.append((source.encode(), answer.encode()))
    lines.sort(key=lambda line: line[0])
    return gzip.compress(b"".join(b"%b\t%b\n" % line for line in lines), 9, mtime=0)
