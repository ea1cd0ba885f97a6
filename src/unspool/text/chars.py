"""Unicode code points as symbols."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from unspool.text.vocabulary import Vocabulary
from unspool.types import UNK, Array

# Stands in text for a character that the vocabulary does not hold: one character for one.
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


class CharTokenizer:
    """A symbol for each code point; exact for characters seen at fitting, others become U+FFFD."""

    kind = "chars"

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary

    @classmethod
    def fit(cls, lines: Iterable[str], min_count: int = 1) -> CharTokenizer:
        """Learn the characters of `lines`; those seen less than `min_count` times are left out."""
        return cls(Vocabulary.fit(lines, min_count))

    def __len__(self) -> int:
        return len(self.vocabulary)

    def encode(self, text: str) -> list[int]:
        """One id for each code point."""
        return self.vocabulary.encode(text)

    def encode_flat(self, lines: Sequence[str]) -> Array:
        """`encode` of each line, all of them one behind the other."""
        codes = np.frombuffer("".join(lines).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        return self._by_code.take(codes, mode="clip")

    def decode(self, ids: Sequence[int]) -> str:
        """The characters; U+FFFD for UNK."""
        return "".join(self.vocabulary.written(ids, REPLACEMENT))

    def tokens(self, ids: Sequence[int]) -> list[str]:
        """The character of each id."""
        return self.vocabulary.shown(ids)

    def to_json(self) -> dict[str, Any]:
        """`kind` and `symbols`."""
        return {"kind": self.kind, "symbols": self.vocabulary.to_json()}

    @cached_property
    def _by_code(self) -> Array:
        """The id of each code point, UNK behind the last one that is known."""
        codes = {ord(symbol): number for symbol, number in self.vocabulary.ids.items() if len(symbol) == 1}
        ids = np.full(max(codes, default=0) + 2, UNK, dtype=np.min_scalar_type(len(self)))
        ids[list(codes)] = list(codes.values())
        return ids

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> CharTokenizer:
        """The inverse of `to_json`."""
        return cls(Vocabulary.from_json(data["symbols"]))
