"""Warnings about case and Unicode form: where they split a vocabulary, or differ between training and validation."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator

from unspool.plural import counted
from unspool.text.forms import FORMS

# Words that occur in several cases, in percent of all different words, from which on there is a warning.
MANY_CASES = 10.0


def split_by_form(side: str, texts: Iterable[str]) -> Iterator[str]:
    """Warnings about a sample of one side: words in several cases, and texts in different Unicode forms."""
    texts = list(texts)
    words = {word for text in texts for word in text.split()}
    folded = {word.lower() for word in words}
    if (len(words) - len(folded)) * 100 >= MANY_CASES * max(1, len(words)):
        counts = f"{len(words):,} different words, {len(folded):,} without regard to case"
        yield f"Case splits the words of the {side}: {counts}; --set data.lowercase={side} reads them alike."
    forms = {_is_composed(text) for text in texts if not text.isascii()}
    if len(forms) > 1:
        yield f"Unicode forms are mixed in the {side} (NFC and others); --set data.normalize=NFC reads them alike."


def unlike_forms(side: str, training: Iterable[str], validation: Iterable[str]) -> Iterator[str]:
    """A warning if all texts of one sample are in composed form, and some of the other are not."""
    composed = [all(map(_is_composed, texts)) for texts in (training, validation)]
    if composed[0] != composed[1]:
        one, other = ("training", "validation")[:: 1 if composed[0] else -1]
        what = f"The {side} of the {one} data is in composed form (Unicode NFC), that of the {other} data is not"
        yield f"{what}; --set data.normalize=NFC reads them alike."


def unlike_case(side: str, training: Iterable[str], validation: Iterable[str]) -> Iterator[str]:
    """A warning if validation has characters that training has in the other case only."""
    known, strange = set(training), set(validation) - set(training)
    for form, name in (("upper", "capitals"), ("lower", "small letters")):
        found = sorted(character for character in strange if known.issuperset(FORMS[form].of(character)))
        found = [character for character in found if FORMS[form].of(character) != character]
        if found:
            letters = counted(len(found), "letter", "letters")
            yield f"Validation {side}s have {letters} that training has only as {name}: {' '.join(found[:5])}"


def _is_composed(text: str) -> bool:
    return unicodedata.is_normalized("NFC", text)
