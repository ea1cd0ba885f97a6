"""Bundles of tags as symbols, such as the morphology "V;PST;3;SG"."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, Self

from unspool.errors import Mistake
from unspool.text.spelled import SpelledTokenizer
from unspool.text.vocabulary import Vocabulary

# If two are equally frequent, the earlier one is chosen; if none occurs, the first one.
SEPARATORS = (";", "|", ",", " ")
# What marks a bundle of tags: these occur inside other text less often than the rest.
MARKS = (";", "|")
# A closed set of tags: at most this many kinds, each used this often on average.
CLOSED_KINDS, CLOSED_USES = 200, 10
# Tags that show what they are in a single row: UniMorph's capitals, the features of Universal Dependencies.
WRITTEN = re.compile(r"[A-Z0-9.,:+()\[\]{}/_-]+|[A-Za-z]+=[\w,.-]+")


class TagTokenizer(SpelledTokenizer):
    """A symbol for each tag; exact for known tags, also for empty ones ("A;;B"). Unknown tags become "<unk>".

    The separator is the most frequent of ; | , and space in the data.
    """

    kind = "tags"
    symbolic = True

    def __init__(self, vocabulary: Vocabulary, separator: str) -> None:
        super().__init__(vocabulary)
        if separator not in SEPARATORS:
            raise Mistake(f"Tags cannot be separated by {separator!r}.", "Use one of ; | , or a space.")
        self._separator = separator

    @classmethod
    def fit(cls, lines: Iterable[str], *, min_count: int = 1, size: int = 0) -> Self:
        """Choose the separator and learn the tags that occur at least `min_count` times."""
        bundles = Counter(line for line in lines if line)
        separator = most_frequent_separator(bundles)
        counted = (line.split(separator) * count for line, count in bundles.items())
        return cls(Vocabulary.fit(counted, min_count), separator)

    @property
    def separator(self) -> str:
        """The text between two tags."""
        return self._separator

    def encode(self, text: str) -> list[int]:
        """One id for each tag."""
        return self.vocabulary.encode(self.symbols(text))

    def symbols(self, text: str) -> list[str]:
        """The tags, known or not."""
        return text.split(self._separator) if text else []

    def join(self, symbols: Iterable[str]) -> str:
        """The tags with the separator between them."""
        return self._separator.join(symbols)

    def units(self, text: str) -> list[str]:
        """The parts between spaces: a bundle of tags counts as one unit."""
        return text.split()

    def to_json(self) -> dict[str, Any]:
        """`kind`, `separator` and `symbols`."""
        return {"kind": self.kind, "separator": self._separator, "symbols": self.vocabulary.to_json()}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """The inverse of `to_json`."""
        return cls(Vocabulary.from_json(data["symbols"]), data["separator"])


def most_frequent_separator(bundles: Counter[str]) -> str:
    """The most frequent separator in these bundles, each weighted by its count."""
    totals = {mark: sum(line.count(mark) * n for line, n in bundles.items()) for mark in SEPARATORS}
    return max(SEPARATORS, key=totals.__getitem__)


def are_tags(lines: Sequence[str]) -> bool:
    """Whether most of these texts are bundles of tags, such as "V;IMP;2;SG" or "Case=Nom|Number=Sing".

    >>> are_tags(["V;PRS;3;SG", "V;IMP", "N"]), are_tags(["a; b", "I came; I saw"])
    (True, False)
    """
    filled = [line for line in lines if line]
    for mark in MARKS:
        marked = [line for line in filled if mark in line]
        if 2 * len(marked) < len(filled) or not marked or any(" " in line for line in marked):
            continue
        tags = [tag for line in filled for tag in line.split(mark)]
        kinds = set(tags)
        closed = len(kinds) <= CLOSED_KINDS and len(tags) >= CLOSED_USES * len(kinds)
        if closed or all(WRITTEN.fullmatch(kind) for kind in kinds):
            return True
    return False
