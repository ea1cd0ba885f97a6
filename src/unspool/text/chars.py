"""Unicode code points as symbols."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

import numpy as np

from unspool.text.spelled import SpelledTokenizer
from unspool.types import UNK, Array

# Stands in text for a character that the vocabulary does not hold: one character for one.
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


class CharTokenizer(SpelledTokenizer):
    """A symbol for each code point; exact for characters seen at fitting, others become U+FFFD."""

    kind = "chars"
    written_unknown = REPLACEMENT

    @staticmethod
    def split(text: str) -> Sequence[str]:
        """The code points."""
        return text

    def join(self, symbols: Iterable[str]) -> str:
        """The characters in a row."""
        return "".join(symbols)

    def encode_flat(self, lines: Sequence[str]) -> tuple[Array, Array]:
        """See `Tokenizer.encode_flat`; all lines by one lookup."""
        codes = np.frombuffer("".join(lines).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        return self._by_code.take(codes, mode="clip"), np.fromiter(map(len, lines), np.int64, len(lines))

    @cached_property
    def _by_code(self) -> Array:
        """The id of each code point, UNK after the last one that is known."""
        codes = {ord(symbol): number for symbol, number in self.vocabulary.ids.items() if len(symbol) == 1}
        ids = np.full(max(codes, default=0) + 2, UNK, dtype=np.min_scalar_type(len(self)))
        ids[list(codes)] = list(codes.values())
        return ids
