"""Symbols and their ids, counted from text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

from unspool.errors import Mistake
from unspool.types import BOS, EOS, PAD, SPECIALS, UNK

# Skipped when ids become text.
SILENT = frozenset((PAD, BOS, EOS))


class Vocabulary:
    """Symbols with ids from `len(SPECIALS)` on; the ids below are reserved.

    A symbol of the data that is spelled like a reserved one ("</s>") is an ordinary symbol with its own id.
    """

    def __init__(self, symbols: Iterable[str]) -> None:
        self.symbols = [*SPECIALS, *symbols]
        self.ids = {symbol: number for number, symbol in enumerate(self.symbols) if number >= len(SPECIALS)}
        if len(self) != len(SPECIALS) + len(self.ids):
            raise Mistake("A vocabulary has a symbol twice.", "List every symbol once.")

    @classmethod
    def fit(cls, sequences: Iterable[Iterable[str]], min_count: int = 1) -> Vocabulary:
        """The symbols that occur at least `min_count` times, the most frequent first, ties by code point."""
        counts = Counter(chain.from_iterable(sequences))
        kept = (symbol for symbol, count in counts.items() if count >= min_count)
        return cls(sorted(kept, key=lambda symbol: (-counts[symbol], symbol)))

    def __len__(self) -> int:
        return len(self.symbols)

    def encode(self, sequence: Iterable[str]) -> list[int]:
        """One id for each symbol; UNK for unknown ones."""
        known = self.ids.get
        return [known(symbol, UNK) for symbol in sequence]

    def written(self, ids: Iterable[int], unknown: str = SPECIALS[UNK]) -> Iterator[str]:
        """The symbol of each id, `unknown` for UNK; PAD, BOS and EOS are skipped."""
        symbols = self.symbols
        return (unknown if number == UNK else symbols[number] for number in ids if number not in SILENT)

    def shown(self, ids: Sequence[int]) -> list[str]:
        """The symbol of each id, reserved ones included."""
        return [self.symbols[number] for number in ids]

    def to_json(self) -> list[str]:
        """The symbols in the order of their ids, without the reserved ones."""
        return self.symbols[len(SPECIALS) :]

    @classmethod
    def from_json(cls, symbols: Any) -> Vocabulary:
        """The inverse of `to_json`. Raises `Mistake` if `symbols` is not a list of distinct strings."""
        if not isinstance(symbols, list) or not all(isinstance(symbol, str) for symbol in symbols):
            raise Mistake("A vocabulary is a list of strings.", "Copy the tokenizer's file again.")
        "".join(symbols).encode()  # a half of a surrogate pair is no text, and fails here
        return cls(symbols)
