"""Labels: a whole text is one symbol, such as "money-fx" or "very good"."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Self

from unspool.text.spelled import SpelledTokenizer
from unspool.text.vocabulary import Vocabulary


class LabelTokenizer(SpelledTokenizer):
    """A symbol for each distinct text, without white space at its ends; an unknown text becomes "<unk>"."""

    kind = "label"
    spelled = False
    symbolic = True

    @classmethod
    def fit(cls, lines: Iterable[str], *, min_count: int = 1, size: int = 0) -> Self:
        """Learn every label of `lines`, however rare."""
        return cls(Vocabulary.fit(map(cls.split, lines)))

    @staticmethod
    def split(text: str) -> Sequence[str]:
        """The label; nothing if there is only white space."""
        return [label] if (label := text.strip()) else []

    def join(self, symbols: Iterable[str]) -> str:
        """The label; several are separated by a space."""
        return " ".join(symbols)

    @property
    def separator(self) -> str:
        """A space."""
        return " "

    def units(self, text: str) -> list[str]:
        """The label as a whole."""
        return [text]

    def normal(self, text: str) -> str:
        """Without white space at the ends."""
        return text.strip()
