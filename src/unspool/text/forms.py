"""Forms of a text that differ in case or in Unicode's encoding, but hardly in meaning."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple


class Form(NamedTuple):
    """A form: the function that gives a text this form, and what a message says of symbols that are known only so."""

    of: Callable[[str], str]
    advice: str


@dataclass(frozen=True, slots=True)
class Folding:
    """The change of every text before it is read.

    lower:  to small letters
    normal: to this Unicode form; "" if it stays
    """

    lower: bool = False
    normal: str = ""

    def __call__(self, text: str) -> str:
        """The changed text."""
        lowered = text.lower() if self.lower else text
        return FORMS[self.normal].of(lowered) if self.normal else lowered


# In the order in which they are tried.
FORMS = {
    "NFC": Form(partial(unicodedata.normalize, "NFC"), "in composed form (Unicode NFC): give it such text"),
    "NFD": Form(partial(unicodedata.normalize, "NFD"), "in decomposed form (Unicode NFD): give it such text"),
    "upper": Form(str.upper, "as capitals: give it capitals"),
    "lower": Form(str.lower, "as small letters: give it small letters"),
    "NFKC": Form(partial(unicodedata.normalize, "NFKC"), "in compatible form (Unicode NFKC): give it such text"),
    "NFKD": Form(partial(unicodedata.normalize, "NFKD"), "in compatible form (Unicode NFKD): give it such text"),
}


def usual(forms: Iterable[str]) -> str:
    """The form of at least half of some texts; "" if there is none. "" also stands for a text without a form."""
    counts = Counter(forms)
    return next((form for form, count in counts.most_common() if form and 2 * count >= counts.total()), "")
