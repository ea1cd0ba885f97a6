"""Tokens between whitespace as symbols: words, phonemes, labels."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from unspool.text.spelled import SpelledTokenizer


class WordTokenizer(SpelledTokenizer):
    """A symbol for each token between whitespace, as in "EH R AH N Z".

    It normalises white space: each run of it, tabs and no-break spaces included, becomes one space, and the ends are
    stripped. `decode(encode(s)) == " ".join(s.split())` for known tokens; others become "<unk>".
    """

    kind = "words"
    symbolic = True

    @staticmethod
    def split(text: str) -> Sequence[str]:
        """The tokens."""
        return text.split()

    def join(self, symbols: Iterable[str]) -> str:
        """The tokens with a space between them; white space in replacements of unknown tokens is normalised too."""
        return " ".join(" ".join(symbols).split())

    @property
    def separator(self) -> str:
        """A space."""
        return " "

    def units(self, text: str) -> list[str]:
        """The tokens."""
        return text.split()

    def normal(self, text: str) -> str:
        """The tokens with one space between them."""
        return " ".join(text.split())
