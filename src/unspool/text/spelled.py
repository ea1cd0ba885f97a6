"""Tokenizers whose symbols are pieces of the text, listed in a vocabulary: characters, words, tags, jamo."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar, Self

from unspool.text.tokenizer import NOTHING, Tokenizer
from unspool.text.vocabulary import SILENT, Vocabulary
from unspool.types import SPECIALS, UNK


class SpelledTokenizer(Tokenizer):
    """A subclass defines how a text is split into symbols, and how symbols are joined into a text.

    written_unknown: the text of a symbol that is not in the vocabulary
    """

    spelled = True
    written_unknown: ClassVar[str] = SPECIALS[UNK]

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary

    @classmethod
    def fit(cls, lines: Iterable[str], *, min_count: int = 1, size: int = 0) -> Self:
        """Learn the symbols of `lines` that occur at least `min_count` times. size: not used."""
        return cls(Vocabulary.fit(map(cls.split, lines), min_count))

    @staticmethod
    def split(text: str) -> Sequence[str]:
        """The symbols of a text, known or not."""
        raise NotImplementedError

    def join(self, symbols: Iterable[str]) -> str:
        """The text of some symbols."""
        raise NotImplementedError

    def __len__(self) -> int:
        return len(self.vocabulary)

    def encode(self, text: str) -> list[int]:
        """One id for each symbol."""
        return self.vocabulary.encode(self.split(text))

    def decode(self, ids: Sequence[int], unknown: Mapping[int, str] = NOTHING) -> str:
        """The text. If replacements of some unknown symbols are given, the other unknown symbols are "<unk>"."""
        shown, lacking = self.vocabulary.symbols, SPECIALS[UNK] if unknown else self.written_unknown
        return self.join(
            unknown.get(place, lacking) if number == UNK else shown[number]
            for place, number in enumerate(ids)
            if number not in SILENT
        )

    def written(self) -> Sequence[str]:
        """The symbols."""
        return self.vocabulary.symbols[len(SPECIALS) :]

    def tokens(self, ids: Sequence[int]) -> list[str]:
        """The symbol of each id."""
        return self.vocabulary.shown(ids)

    def symbols(self, text: str) -> list[str]:
        """The symbols, known or not."""
        return list(self.split(text))

    def to_json(self) -> dict[str, Any]:
        """`kind` and `symbols`."""
        return {"kind": self.kind, "symbols": self.vocabulary.to_json()}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """The inverse of `to_json`."""
        return cls(Vocabulary.from_json(data["symbols"]))
