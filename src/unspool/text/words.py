"""Tokens between whitespace as symbols: words, phonemes, labels."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from unspool.text.spelled import SpelledTokenizer


class WordTokenizer(SpelledTokenizer):
    """A symbol for each token between whitespace, as in "EH R AH N Z".

    It folds: runs of whitespace, tabs and no-break spaces included, become one space, and the ends are stripped.
    `decode(encode(s)) == " ".join(s.split())` for known tokens; others become "<unk>".
    """

    kind = "words"
    symbolic = True

    @staticmethod
    def split(text: str) -> Sequence[str]:
        """The tokens."""
        return text.split()

    def join(self, symbols: Iterable[str]) -> str:
        """The tokens with a space between them, and no other white space inside what replaces an unknown one."""
        return " ".join(" ".join(symbols).split())

    @property
    def separator(self) -> str:
        """A space."""
        return " "

    def units(self, text: str) -> list[str]:
        """The tokens."""
        return text.split()

    def normal(self, text: str) -> str:
        """One space between two tokens."""
        return " ".join(text.split())
