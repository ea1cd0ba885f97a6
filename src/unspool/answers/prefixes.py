"""What answers begin with: texts, or the ids that a trace showed, as the ids that search is given."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from unspool.arguments import texts_of
from unspool.errors import Mistake
from unspool.fields.field import Field, Item
from unspool.plural import counted
from unspool.types import EOS, UNK, Array


def encode_prefixes(
    target: Field, prefix: str | Sequence[str], sources: Sequence[Item], most: int, *, copies: bool
) -> list[Array] | None:
    """The ids that the answer to each source begins with, fewer than `most`; None if there are no prefixes.

    copies: each source has symbols of its own
    """
    if not any([prefix] if isinstance(prefix, str) else texts_of(prefix, "prefix")):
        return None
    texts = [prefix] * len(sources) if isinstance(prefix, str) else prefix
    if len(texts) != len(sources):
        what = f"There are {counted(len(texts), 'prefix', 'prefixes')} for {counted(len(sources), 'line', 'lines')}."
        raise Mistake(what, "Give one for all lines, or one for each, empty for an answer without a prefix.")
    if copies:
        return [_encode(target, text, source, most) for text, source in zip(texts, sources, strict=True)]
    given = {prefix} if isinstance(prefix, str) else {*prefix}  # also checked if there are no sources yet
    known = {text: _encode(target, text, None, most) for text in given}
    return [known[text] for text in texts]


def encode_beginning(target: Field, prefix: str | Sequence[int], source: Item, most: int) -> tuple[Array, Array]:
    """The ids of one prefix, and those that must not follow it."""
    if isinstance(prefix, str):
        ids = _encode(target, prefix, source, most) if prefix else np.zeros(0, dtype=np.int64)
        return ids, target.changing(ids) if prefix else ids
    ids, count = np.array(prefix, dtype=np.int64), target.dimension.count  # type: ignore[union-attr]
    if not all(UNK <= number < count + len(getattr(source, "copied", ())) and number != EOS for number in ids):
        raise Mistake(
            f"The prefix {[*prefix]} holds a number that is no symbol of an answer.",
            "Take the numbers from a trace; the end of an answer is not a part of a prefix.",
        )
    if len(ids) >= most:
        raise Mistake(f"The prefix has {len(ids):,} items, and answers have at most {most:,}.", "Raise max_length.")
    return ids, np.zeros(0, dtype=np.int64)


def _encode(target: Field, text: str, source: Item | None, most: int) -> Array:
    ids = target.encode_prefix(text, source)
    if len(ids) >= most:
        what = f"The prefix '{text[:60]}' has {counted(len(ids), 'symbol', 'symbols')}, and answers have at most"
        raise Mistake(f"{what} {most:,}, EOS included.", "Raise it: --max-length, or max_length=… in Python.")
    return ids
