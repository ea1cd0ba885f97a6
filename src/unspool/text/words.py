"""Tokens between whitespace as symbols: words, phonemes, labels."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from unspool.text.vocabulary import Vocabulary


class WordTokenizer:
    """A symbol for each token between whitespace, as in "EH R AH N Z".

    It folds: runs of whitespace, tabs and no-break spaces included, become one space, and the ends are stripped.
    `decode(encode(s)) == " ".join(s.split())` for known tokens; others become "<unk>".
    """

    kind = "words"

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary

    @classmethod
    def fit(cls, lines: Iterable[str], min_count: int = 1) -> WordTokenizer:
        """Learn the tokens of `lines`; those seen less than `min_count` times are left out."""
        return cls(Vocabulary.fit(map(str.split, lines), min_count))

    def __len__(self) -> int:
        return len(self.vocabulary)

    def encode(self, text: str) -> list[int]:
        """One id for each token."""
        return self.vocabulary.encode(text.split())

    def decode(self, ids: Sequence[int]) -> str:
        """The tokens with a space between them."""
        return " ".join(self.vocabulary.written(ids))

    def tokens(self, ids: Sequence[int]) -> list[str]:
        """The token of each id."""
        return self.vocabulary.shown(ids)

    def to_json(self) -> dict[str, Any]:
        """`kind` and `symbols`."""
        return {"kind": self.kind, "symbols": self.vocabulary.to_json()}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> WordTokenizer:
        """The inverse of `to_json`."""
        return cls(Vocabulary.from_json(data["symbols"]))
