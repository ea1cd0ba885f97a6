"""Bundles of tags as symbols, such as the morphology "V;PST;3;SG"."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from unspool.errors import Mistake
from unspool.text.vocabulary import Vocabulary

# The earlier one is chosen where two are equally frequent, and the first where there is none.
SEPARATORS = (";", "|", ",", " ")


class TagTokenizer:
    """A symbol for each tag; exact for known tags, empty ones ("A;;B") included. Unknown ones become "<unk>".

    The separator is the most frequent of ; | , and space in the data.
    """

    kind = "tags"

    def __init__(self, vocabulary: Vocabulary, separator: str) -> None:
        if separator not in SEPARATORS:
            raise Mistake(f"Tags cannot be separated by {separator!r}.", "Use one of ; | , or a space.")
        self.vocabulary, self.separator = vocabulary, separator

    @classmethod
    def fit(cls, lines: Iterable[str], min_count: int = 1) -> TagTokenizer:
        """Choose the separator and learn the tags; those seen less than `min_count` times are left out."""
        bundles = Counter(line for line in lines if line)
        separator = most_frequent_separator(bundles)
        counted = (line.split(separator) * count for line, count in bundles.items())
        return cls(Vocabulary.fit(counted, min_count), separator)

    def __len__(self) -> int:
        return len(self.vocabulary)

    def encode(self, text: str) -> list[int]:
        """One id for each tag."""
        return self.vocabulary.encode(text.split(self.separator)) if text else []

    def decode(self, ids: Sequence[int]) -> str:
        """The tags with the separator between them."""
        return self.separator.join(self.vocabulary.written(ids))

    def tokens(self, ids: Sequence[int]) -> list[str]:
        """The tag of each id."""
        return self.vocabulary.shown(ids)

    def to_json(self) -> dict[str, Any]:
        """`kind`, `separator` and `symbols`."""
        return {"kind": self.kind, "separator": self.separator, "symbols": self.vocabulary.to_json()}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> TagTokenizer:
        """The inverse of `to_json`."""
        return cls(Vocabulary.from_json(data["symbols"]), data["separator"])


def most_frequent_separator(bundles: Counter[str]) -> str:
    """The separator that occurs most often in these bundles, each counted as often as it stands there."""
    totals = {mark: sum(line.count(mark) * n for line, n in bundles.items()) for mark in SEPARATORS}
    return max(SEPARATORS, key=totals.__getitem__)
