"""Forms of a text that differ in case or in Unicode's encoding, but hardly in meaning."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import partial
from typing import NamedTuple


class Form(NamedTuple):
    """A form: the function that gives a text this form, and what a message says of symbols that are known only so."""

    of: Callable[[str], str]
    advice: str


# In the order in which they are tried.
FORMS = {
    "NFC": Form(partial(unicodedata.normalize, "NFC"), "in composed form (Unicode NFC): give it such text"),
    "NFD": Form(partial(unicodedata.normalize, "NFD"), "in decomposed form (Unicode NFD): give it such text"),
    "upper": Form(str.upper, "as capitals: give it capitals"),
    "lower": Form(str.lower, "as small letters: give it small letters"),
    "NFKC": Form(partial(unicodedata.normalize, "NFKC"), "in compatible form (Unicode NFKC): give it such text"),
}
