"""Words that a name may have been meant as: one letter missing, surplus, wrong, a capital, or two exchanged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

SHORTEST = 3


class Misspelt:
    """Finds the word that a misspelt name is nearest to.

    Two words differ by one slip if they are equal after one letter is left out of each or of one of them; that is how
    spelling is corrected by deletion (Garbe 2012).
    """

    def __init__(self, words: Iterable[str]) -> None:
        self.words = frozenset(words)
        self._shortened: dict[str, str] = {}
        for word in sorted(self.words):
            for form in _shortened(word.lower()):
                self._shortened.setdefault(form, word)
        self.meant = lru_cache(maxsize=4096)(self._meant)

    def _meant(self, name: str) -> str | None:
        """The word, or None if the name is one itself or is like none."""
        if name in self.words or len(name) < 2:
            return None
        lower = name.lower()
        by_case = next((word for word in (lower, name.capitalize()) if word in self.words), None)
        if by_case or len(name) < SHORTEST:
            return by_case
        found = (self._shortened.get(form) for form in _shortened(lower))
        return next((word for word in found if word is not None and len(word) >= SHORTEST), None)


def _shortened(word: str) -> Iterator[str]:
    """The word itself, and without each of its letters."""
    yield word
    for place in range(len(word)):
        yield word[:place] + word[place + 1 :]
