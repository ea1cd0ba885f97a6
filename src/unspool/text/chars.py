"""Unicode code points as symbols."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

import numpy as np

from unspool.text.spelled import SpelledTokenizer
from unspool.types import UNK, Array

# Replaces a character that is not in the vocabulary.
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


class CharTokenizer(SpelledTokenizer):
    """A symbol for each code point; exact for characters of the training data, others become U+FFFD."""

    kind = "chars"
    written_unknown = REPLACEMENT

    @staticmethod
    def split(text: str) -> Sequence[str]:
        """The code points."""
        return text

    def join(self, symbols: Iterable[str]) -> str:
        """The concatenated characters."""
        return "".join(symbols)

    def encode_flat(self, lines: Sequence[str]) -> tuple[Array, Array]:
        """See `Tokenizer.encode_flat`; all lines in one lookup."""
        codes = np.frombuffer("".join(lines).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        return self._by_code.take(codes, mode="clip"), np.fromiter(map(len, lines), np.int64, len(lines))

    @cached_property
    def _by_code(self) -> Array:
        """The id of each code point, and UNK after the last known one."""
        codes = {ord(symbol): number for symbol, number in self.vocabulary.ids.items() if len(symbol) == 1}
        ids = np.full(max(codes, default=0) + 2, UNK, dtype=np.min_scalar_type(len(self)))
        ids[list(codes)] = list(codes.values())
        return ids
