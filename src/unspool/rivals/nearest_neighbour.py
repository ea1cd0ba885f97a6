"""The answer of the most similar source of training: the one at the least edit distance, the first of several."""

from __future__ import annotations

from collections.abc import Iterable

from unspool.fields.field import Raw
from unspool.metrics.symbol_error_rate import closest
from unspool.rivals.rival import KnownPairs, Rival

# The first character of a string of ids: numbers below the surrogates are rarely enough, and above there is room.
FIRST = 0xE000


def fit(known: KnownPairs) -> Rival:
    """All training sources, and their targets."""
    source, target = known.fields
    strings = [as_string(ids.tolist()) for ids in known.sources]

    def answer(raw: Raw) -> str:
        found = closest(as_string(source.encode(raw).tolist()), strings)
        return target.decode(known.targets[found]).text

    return Rival(sum(map(len, known.sources)) + sum(map(len, known.targets)), answer)


def as_string(ids: Iterable[int]) -> str:
    """Ids as characters: strings are Python's fastest sequences to compare."""
    return "".join(chr(FIRST + number) for number in ids)
