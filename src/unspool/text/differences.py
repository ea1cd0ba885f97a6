"""In what two tokenizers differ, for a person who took them for the same."""

from __future__ import annotations

from unspool.types import Tokenizer


def difference(one: Tokenizer, other: Tokenizer) -> str:
    """In which way they differ, in half a sentence; empty where they are the same."""
    if one.to_json() == other.to_json():
        return ""
    if one.kind != other.kind:
        return f"{one.kind} and {other.kind}"
    mine, theirs = (tokenizer.tokens(range(len(tokenizer))) for tokenizer in (one, other))
    if {*mine} != {*theirs}:
        alone = [", ".join(map(repr, sorted({*a} - {*b})[:3])) or "none" for a, b in ((mine, theirs), (theirs, mine))]
        counts = f"{len(one):,} and {len(other):,} symbols of {one.kind}"
        return f"{counts}; the first alone has {alone[0]}, the second {alone[1]}"
    moved = next((pair for pair in zip(mine, theirs, strict=False) if pair[0] != pair[1]), None)
    return f"{one.kind} in another order: {moved[0]!r} and {moved[1]!r}" if moved else f"{one.kind} of unlike rules"
