"""A text in the letters that a model knows: accents and syllables taken apart or put together where that helps."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from typing import NamedTuple

from unspool.text.jamo import readable


class Spelling(NamedTuple):
    """A text in known letters.

    replaced: letters that are written as others, which lack their accents
    missing:  letters that are left out
    """

    text: str
    replaced: dict[str, str]
    missing: list[str]


def spelled(text: str, known: Callable[[str], bool]) -> Spelling:
    """The text with each unknown letter in the first of its other forms that is known.

    Composed and decomposed forms (é as e and an accent, 한 as three jamo, either kind of jamo) are the same letters. As
    a last resort a letter loses its accents, which is told, and one without any known form is left out.
    """
    parts, replaced, missing = [], dict[str, str](), dict[str, None]()
    for letter in unicodedata.normalize("NFC", text):
        if letter in BREAKS:
            parts.append(letter)
            continue
        same = next((form for form in _same(letter) if known(form)), None)
        plain = next((form for form in _plain(letter) if known(form)), None) if same is None else None
        if plain is not None:
            replaced[letter] = plain
        elif same is None:
            missing[letter] = None
        parts.append(same or plain or "")
    return Spelling("".join(parts), replaced, list(missing))


def _same(letter: str) -> Iterator[str]:
    decomposed = unicodedata.normalize("NFD", letter)
    yield from (letter, decomposed, "".join(map(readable, decomposed)))


def _plain(letter: str) -> Iterator[str]:
    compatible = unicodedata.normalize("NFKD", letter)
    bare = "".join(character for character in compatible if not unicodedata.combining(character))
    yield from (form for form in (compatible, bare, QUOTES.get(letter, "")) if form)


# They end lines, and are no letters.
BREAKS = "\r\n"
# What keyboards and typesetters write differently.
QUOTES = {"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "...", "\u00a0": " "}


def plain(text: str) -> str:
    """The text with the signs of a keyboard, and without blanks around it, as programs and telephones add them.

    >>> plain("don’t ")
    "don't"
    """
    for written, typed in QUOTES.items():
        text = text.replace(written, typed)
    return text.strip(" \r\n")
