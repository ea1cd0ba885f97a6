"""Symbols that training never saw, as messages name them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from unspool.text.jamo import readable

# Symbols that a message names, and characters of one: a whole line may be a symbol.
NAMED, CHARACTERS = 5, 40


def named(symbols: Iterable[str]) -> str:
    """The most frequent of some symbols, with a comma between two; white space and marks as escapes."""
    ranked = [symbol for symbol, _ in Counter(symbols).most_common()]
    return ", ".join(map(_shown, ranked[:NAMED])) + ", …" * (len(ranked) > NAMED)


def _shown(symbol: str) -> str:
    shown = readable(symbol)
    shown = shown if len(shown) <= CHARACTERS else f"{shown[:CHARACTERS]}…"
    return shown if shown.strip() and shown.isprintable() else repr(shown)
