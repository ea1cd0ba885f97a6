"""Hangul letters as symbols: syllables are decomposed and composed again (The Unicode Standard, section 3.12).

A syllable becomes its leading consonant, its vowel and, if it has one, its trailing consonant, as conjoining jamo.
Conjoining jamo that are already in the text (decomposed text) would be composed on the way back, so an escape comes
before each of them, and before each escape in the text. The escape is U+F8FE, of the private use area.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache

from unspool.text.chars import REPLACEMENT
from unspool.text.spelled import SpelledTokenizer

ESCAPE = "\uf8fe"
FIRST_SYLLABLE, LEADS, VOWELS, TRAILS = 0xAC00, 19, 21, 28
FIRST_LEAD, FIRST_VOWEL, BEFORE_TRAILS = 0x1100, 0x1161, 0x11A7
CONJOINING = range(0x1100, 0x1200)
# The same letters as compatibility jamo, which are readable one by one, in the same order.
SHOWN_LEADS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
SHOWN_VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
SHOWN_TRAILS = "ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"

_SYLLABLE_OR_ESCAPED = re.compile(f"{ESCAPE}(.?)|([\u1100-\u1112])([\u1161-\u1175])([\u11a8-\u11c2]?)", re.DOTALL)
_OPEN = re.compile(f"(?:^|[^{ESCAPE}])[\u1100-\u1112][\u1161-\u1175]$")
_TRAIL = re.compile("[\u11a8-\u11c2]")


class JamoTokenizer(SpelledTokenizer):
    """A symbol for each jamo of Hangul and for each other character; exact for known ones, others become U+FFFD."""

    kind = "jamo"
    written_unknown = REPLACEMENT
    alphabet = "jamo"

    @staticmethod
    def split(text: str) -> Sequence[str]:
        """The jamo, escapes and other characters."""
        return decompose(text)

    def join(self, symbols: Iterable[str]) -> str:
        """The text with composed syllables; jamo that form no syllable stay as they are."""
        return compose("".join(symbols))

    def changing(self, ids: Sequence[int]) -> list[int]:
        """After a syllable without a trailing consonant these are all trailing consonants: 서 would become 설."""
        before = "".join(self.vocabulary.symbols[number] for number in ids[-3:])
        if _OPEN.search(before) is None:
            return []
        return [number for symbol, number in self.vocabulary.ids.items() if _TRAIL.fullmatch(symbol)]

    def tokens(self, ids: Sequence[int]) -> list[str]:
        """The letter of each id as compatibility jamo such as ㄱ; "<esc>" for the escape."""
        return [readable(symbol) for symbol in self.vocabulary.shown(ids)]


def readable(symbol: str) -> str:
    """A conjoining jamo as the same letter by itself, such as ㄱ; "<esc>" for the escape; another symbol as it is."""
    return _shown().get(symbol, symbol)


def decompose(text: str) -> str:
    """The text with syllables as conjoining jamo, and an escape before jamo that were already in the text."""
    return text if text.isascii() else text.translate(_parts())


def compose(symbols: str) -> str:
    """The inverse of `decompose`; in other sequences of jamo, all that form syllables are composed."""
    return _SYLLABLE_OR_ESCAPED.sub(_composed, symbols)


def _composed(found: re.Match[str]) -> str:
    escaped, lead, vowel, trail = found.groups()
    if lead is None:
        return str(escaped)
    before = (ord(lead) - FIRST_LEAD) * VOWELS + ord(vowel) - FIRST_VOWEL
    return chr(FIRST_SYLLABLE + before * TRAILS + (ord(trail) - BEFORE_TRAILS if trail else 0))


@cache
def _parts() -> dict[int, str]:
    """The replacement of each character that `decompose` changes."""
    escaped = {code: ESCAPE + chr(code) for code in (*CONJOINING, ord(ESCAPE))}
    return escaped | {FIRST_SYLLABLE + place: _jamo(place) for place in range(LEADS * VOWELS * TRAILS)}


def _jamo(place: int) -> str:
    """The two or three jamo of the syllable at this position of the Unicode block."""
    before, trail = divmod(place, TRAILS)
    lead, vowel = divmod(before, VOWELS)
    return chr(FIRST_LEAD + lead) + chr(FIRST_VOWEL + vowel) + (chr(BEFORE_TRAILS + trail) if trail else "")


@cache
def _shown() -> dict[str, str]:
    starts = ((FIRST_LEAD, SHOWN_LEADS), (FIRST_VOWEL, SHOWN_VOWELS), (BEFORE_TRAILS + 1, SHOWN_TRAILS))
    letters = {chr(start + place): letter for start, shown in starts for place, letter in enumerate(shown)}
    return letters | {ESCAPE: "<esc>"}
