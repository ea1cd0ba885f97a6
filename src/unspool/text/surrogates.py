"""Halves of surrogate pairs, which are no characters: Python and JSON allow them in strings, and UTF-8 has none."""

from __future__ import annotations

import re

_HALF = re.compile("[\ud800-\udfff]")


def holds_surrogates(text: str) -> bool:
    """Whether a text holds half of a surrogate pair."""
    return not text.isascii() and _HALF.search(text) is not None
