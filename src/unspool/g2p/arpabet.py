"""The sounds of ARPAbet, as CMUdict writes them, and the same in the International Phonetic Alphabet (IPA)."""

from __future__ import annotations

from collections.abc import Sequence

VOWELS = {
    "AA": "ɑ", "AE": "æ", "AH": "ʌ", "AO": "ɔ", "AW": "aʊ", "AY": "aɪ", "EH": "ɛ", "ER": "ɝ", "EY": "eɪ", "IH": "ɪ",
    "IY": "i", "OW": "oʊ", "OY": "ɔɪ", "UH": "ʊ", "UW": "u",
}  # fmt: skip
# Two vowels have letters of their own where they are not stressed.
UNSTRESSED = {"AH": "ə", "ER": "ɚ"}
CONSONANTS = {
    "B": "b", "CH": "tʃ", "D": "d", "DH": "ð", "F": "f", "G": "ɡ", "HH": "h", "JH": "dʒ", "K": "k", "L": "l", "M": "m",
    "N": "n", "NG": "ŋ", "P": "p", "R": "ɹ", "S": "s", "SH": "ʃ", "T": "t", "TH": "θ", "V": "v", "W": "w", "Y": "j",
    "Z": "z", "ZH": "ʒ",
}  # fmt: skip
STRESS = {"1": "ˈ", "2": "ˌ", "0": ""}
SYMBOLS = frozenset([*CONSONANTS, *(f"{vowel}{stress}" for vowel in VOWELS for stress in STRESS)])
# What two or more consonants an English syllable begins with.
ONSETS = frozenset(
    [
        "B L", "B R", "B Y", "D R", "D W", "F L", "F R", "F Y", "G L", "G R", "G W", "HH W", "HH Y", "K L", "K R",
        "K W", "K Y", "M Y", "P L", "P R", "P Y", "S F", "S K", "S L", "S M", "S N", "S P", "S T", "S W", "SH R",
        "T R", "T W", "TH R", "TH W", "V Y", "S K R", "S K W", "S K Y", "S P L", "S P R", "S P Y", "S T R",
    ]
)  # fmt: skip


def to_ipa(sounds: Sequence[str]) -> str:
    """The sounds of one word; a stress mark stands before its syllable, with the longest onset that English has.

    >>> to_ipa("HH AH0 L OW1".split()), to_ipa("EH2 K S T R AH0".split())
    ('həˈloʊ', 'ˌɛkstɹə')
    """
    parts: list[str] = []
    waiting: list[str] = []  # consonants since the last vowel
    for sound in sounds:
        vowel, stress = sound[:-1], sound[-1:]
        if vowel not in VOWELS:
            waiting.append(sound)
            continue
        onset = _onset(waiting, first=not parts)
        coda = len(waiting) - onset
        parts += [CONSONANTS[one] for one in waiting[:coda]]
        parts.append(STRESS[stress])
        parts += [CONSONANTS[one] for one in waiting[coda:]]
        parts.append(UNSTRESSED.get(vowel, VOWELS[vowel]) if stress == "0" else VOWELS[vowel])
        waiting = []
    return "".join([*parts, *(CONSONANTS[one] for one in waiting)])


def _onset(consonants: Sequence[str], *, first: bool) -> int:
    """How many of the consonants before a vowel belong to its syllable; first: all of them, at a word's beginning."""
    if first:
        return len(consonants)
    longest = min(3, len(consonants))
    for count in range(longest, 1, -1):
        if " ".join(consonants[-count:]) in ONSETS:
            return count
    return 0 if not consonants or consonants[-1] == "NG" else 1
