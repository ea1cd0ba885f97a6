"""The answer of the most similar source of training: the one at the least edit distance, the first of several."""

from __future__ import annotations

from unspool.fields.field import Raw
from unspool.metrics.symbol_error_rate import closest
from unspool.rivals.ngram import as_string
from unspool.rivals.rival import KnownPairs, Rival


def fit(known: KnownPairs) -> Rival:
    """All training sources, and their targets."""
    source, target = known.fields
    strings = [as_string(ids.tolist()) for ids in known.sources]

    def answer(raw: Raw) -> str:
        found = closest(as_string(source.encode(raw).tolist()), strings)
        return target.decode(known.targets[found]).text

    return Rival(sum(map(len, known.sources)) + sum(map(len, known.targets)), answer)
