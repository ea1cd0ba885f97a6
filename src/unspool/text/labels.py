"""Labels: a whole text is one symbol, such as "money-fx" or "very good"."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from unspool.text.vocabulary import Vocabulary


class LabelTokenizer:
    """A symbol for each distinct text. It folds white space at the ends; a text never seen becomes "<unk>"."""

    kind = "label"

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary

    @classmethod
    def fit(cls, lines: Iterable[str]) -> LabelTokenizer:
        """Learn every label of `lines`, however rare."""
        return cls(Vocabulary.fit([label] for label in map(str.strip, lines) if label))

    def __len__(self) -> int:
        return len(self.vocabulary)

    def encode(self, text: str) -> list[int]:
        """One id; none for white space alone."""
        return self.vocabulary.encode([label] if (label := text.strip()) else [])

    def decode(self, ids: Sequence[int]) -> str:
        """The label; of several, with a space between them."""
        return " ".join(self.vocabulary.written(ids))

    def tokens(self, ids: Sequence[int]) -> list[str]:
        """The label of each id."""
        return self.vocabulary.shown(ids)

    def to_json(self) -> dict[str, Any]:
        """`kind` and `symbols`."""
        return {"kind": self.kind, "symbols": self.vocabulary.to_json()}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> LabelTokenizer:
        """The inverse of `to_json`."""
        return cls(Vocabulary.from_json(data["symbols"]))
