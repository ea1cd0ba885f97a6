"""Bundles of tags as symbols, such as the morphology "V;PST;3;SG"."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any, Self

from unspool.errors import Mistake
from unspool.text.spelled import SpelledTokenizer
from unspool.text.vocabulary import Vocabulary

# If two are equally frequent, the earlier one is chosen; if none occurs, the first one.
SEPARATORS = (";", "|", ",", " ")


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
